/* The texts of mails. Words in braces are filled by the server, which refuses unknown ones. */
import '../../style/manage.scss';

import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, call, get } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import type { Items } from '../../src/wire.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem, TextArea, TextField } from '../../ui/field.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';

interface Template {
  kind: string;
  language: 'it' | 'en';
  subject: string;
  text: string;
  placeholders: string;
  version: number;
  changed: boolean;
}

const keyOf = ({ kind, language }: Template) => `${kind}/${language}`;

export default function Templates() {
  const t = words.manage.use();
  const loading = useLoad((signal) => get<Items<Template>>('/templates', signal));
  const [editing, setEditing] = useState<Template | null>(null);
  const name = (template: Template) =>
    `${t.maybe(`templates.kind.${template.kind}`) ?? template.kind}, ${t(`language.${template.language}`)}`;
  return (
    <>
      <PageHead title={t('templates.title')} lead={t('templates.lead')} />
      <Loaded from={loading} rows={4}>
        {({ items }) => (
          <ul>
            {items.map((template) => (
              <li key={keyOf(template)} class="template">
                <div class="section-head">
                  <h2>{name(template)}</h2>
                  <span class="actions">
                    {template.changed && <Chip look="primary">{t('templates.changed')}</Chip>}
                    <Button
                      look="outline"
                      icon="pencil"
                      label={t('edit.of', { name: name(template) })}
                      onPress={() => setEditing(template)}
                    >
                      {t('edit')}
                    </Button>
                  </span>
                </div>
                <p>
                  <strong>{template.subject}</strong>
                </p>
                <pre>{template.text}</pre>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {editing && (
        <TemplateForm
          template={editing}
          title={name(editing)}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            loading.reload();
          }}
        />
      )}
    </>
  );
}

function TemplateForm({
  template,
  title,
  onClose,
  onSaved,
}: {
  template: Template;
  title: string;
  onClose: () => void;
  onSaved: () => void;
}) {
  const t = words.manage.use();
  const shell = words.shell.use();
  const [subject, setSubject] = useState(template.subject);
  const [text, setText] = useState(template.text);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await call('PUT', `/templates/${keyOf(template)}`, { body: { subject, text }, version: template.version });
      toast({ text: t('templates.saved') });
      onSaved();
    } catch (failure) {
      setProblem(asProblem(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      wide
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button look="outline" onPress={onClose}>
            {shell('cancel')}
          </Button>
          <Button busy={busy} onPress={() => void save()}>
            {shell('save')}
          </Button>
        </>
      }
    >
      <FormProblem problem={problem} pointers={['/subject', '/text']} />
      <p class="muted">
        {t('templates.placeholders', {
          list: template.placeholders
            .split(',')
            .map((word) => `{${word}}`)
            .join(' '),
        })}
      </p>
      <TextField
        label={t('templates.subject')}
        pointer="/subject"
        problem={problem}
        value={subject}
        onValue={setSubject}
        input={{ maxLength: 200 }}
      />
      <TextArea
        label={t('templates.text')}
        pointer="/text"
        problem={problem}
        rows={12}
        value={text}
        onValue={setText}
      />
    </Dialog>
  );
}
