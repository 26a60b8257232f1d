/* Before publishing: who is affected, what changes for them, what forbids it; then a name, a
 * changelog and, inside the notice window, a reason. */
import '../../style/board.scss';

import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { useLang } from '../../src/i18n.ts';
import { planOf } from '../../src/plan-api.ts';
import type { Conflict, Review } from '../../src/plan-api.ts';
import { navigate } from '../../src/router.ts';
import type { PageProps } from '../../src/router.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { FormProblem, Notice, TextArea, TextField } from '../../ui/field.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { Changes } from './changes.tsx';
import { ConflictLines } from './conflicts.tsx';
import { instantWhen } from './model.ts';

interface Touched {
  session: string;
  title: string;
  release: string;
  by_name: string | null;
  at: string;
}

export default function ReviewPage({ params }: PageProps) {
  const t = words.plan.use();
  const project = params['id'] ?? '';
  const loading = useLoad((signal) => planOf(project).review(signal), [project]);
  return (
    <>
      <PageHead
        title={t('review.title')}
        lead={t('review.lead')}
        actions={
          <LinkButton href={`/projects/${project}/board`} look="outline" icon="calendar">
            {t('review.back')}
          </LinkButton>
        }
      />
      <Loaded from={loading} rows={4}>
        {(review) =>
          review.changes.length === 0 ? (
            <Empty icon="check-circle" title={t('review.none')}>
              <p>{t('review.none.text')}</p>
            </Empty>
          ) : (
            <Body project={project} review={review} reload={loading.reload} />
          )
        }
      </Loaded>
    </>
  );
}

function Body({ project, review, reload }: { project: string; review: Review; reload: () => void }) {
  const t = words.plan.use();
  const inside = review.changes.filter(({ inside_notice }) => inside_notice).length;
  return (
    <div class="review">
      <section>
        <ul class="figures">
          <li>
            <b>{review.changes.length}</b> {t.n('review.changes', review.changes.length).replace(/^\S+ /, '')}
          </li>
          <li>
            <b>{review.people_affected}</b> {t.n('review.people', review.people_affected).replace(/^\S+ /, '')}
          </li>
          {inside > 0 && (
            <li>
              <b>{inside}</b> {t.n('review.inside', inside).replace(/^\S+ /, '')}
            </li>
          )}
        </ul>
        <p class="to-publish">
          <a href="#publish">{t('publish.title')}</a>
        </p>
        {review.conflicts_hard.length > 0 && (
          <Notice look="danger">
            <p>
              <strong>{t('review.conflicts')}</strong>
            </p>
            <ConflictLines conflicts={review.conflicts_hard} />
          </Notice>
        )}
        <Changes changes={review.changes} />
      </section>
      <PublishForm project={project} review={review} reload={reload} />
    </div>
  );
}

function PublishForm({ project, review, reload }: { project: string; review: Review; reload: () => void }) {
  const t = words.plan.use();
  const [name, setName] = useState('');
  const [changelog, setChangelog] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [stale, setStale] = useState(false);
  const needsReason = review.reason_required;
  const lacks = (value: string) => (tried && value.trim() === '' ? { error: t('publish.fill') } : {});
  const publish = async () => {
    setTried(true);
    if (!name.trim() || (needsReason && !reason.trim())) {
      return;
    }
    setBusy(true);
    setProblem(null);
    setStale(false);
    try {
      const made = await planOf(project).publish(review.version, {
        name: name.trim(),
        ...(changelog.trim() ? { changelog: changelog.trim() } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      toast({ text: t('publish.done', { name: made.name }) });
      navigate(`/projects/${project}/releases`);
    } catch (failure) {
      const found = asProblem(failure);
      setBusy(false);
      if (found.code === 'stale') {
        setStale(true);
        reload();
      } else {
        setProblem(found);
      }
    }
  };
  return (
    <form
      id="publish"
      class="panel publish"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <h2>{t('publish.title')}</h2>
      <div role="alert">
        {stale && (
          <Notice look="warning">
            <p>{t('publish.stale')}</p>
          </Notice>
        )}
      </div>
      <FormProblem problem={problem} pointers={['/name', '/changelog', '/reason']} />
      <Explained problem={problem} />
      <TextField
        label={t('publish.name')}
        hint={t('publish.name.hint')}
        pointer="/name"
        problem={problem}
        value={name}
        onValue={setName}
        input={{ maxLength: 120 }}
        {...lacks(name)}
      />
      <TextArea
        label={t('publish.changelog')}
        hint={t('publish.changelog.hint')}
        pointer="/changelog"
        problem={problem}
        rows={3}
        optional
        value={changelog}
        onValue={setChangelog}
      />
      {needsReason && (
        <TextArea
          label={t('publish.reason')}
          hint={t('publish.reason.hint')}
          pointer="/reason"
          problem={problem}
          rows={2}
          value={reason}
          onValue={setReason}
          {...lacks(reason)}
        />
      )}
      <Button submit busy={busy} disabled={!review.can_publish} class="btn-big btn-block" icon="check-circle">
        {t('publish.do')}
      </Button>
      {!review.can_publish && <p class="muted">{t('review.cannot')}</p>}
    </form>
  );
}

/* What stands behind a refusal: sessions that others published, rules broken meanwhile. */
function Explained({ problem }: { problem: Problem | null }) {
  const t = words.plan.use();
  const lang = useLang();
  const touched = problem?.body['touched'] as Touched[] | undefined;
  const conflicts = problem?.body['conflicts'] as Conflict[] | undefined;
  return (
    <>
      {touched && (
        <Notice look="warning">
          <p>
            <strong>{t('review.stale')}</strong>
          </p>
          <ul>
            {touched.map(({ session, title, release, by_name, at }) => (
              <li key={session}>
                {t('publish.touched', { title, name: by_name ?? t('someone'), when: instantWhen(at, lang), release })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {conflicts && <ConflictLines conflicts={conflicts} />}
    </>
  );
}
