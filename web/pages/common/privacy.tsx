/* What is kept, who sees it, and the employer's wall (art. 4 l. 300/1970) in plain words. */
import * as words from '../../lang/more.ts';
import { useSession } from '../../src/session.ts';
import { PageHead } from '../../ui/page.tsx';

const SECTIONS = ['what', 'employer', 'cookie', 'rights'] as const;

export default function Privacy() {
  const t = words.about.use();
  const shell = words.shell.use();
  const { me } = useSession();
  return (
    <div class="prose">
      <PageHead
        title={t('privacy.title')}
        lead={t('privacy.lead', { alliance: me?.alliance.name ?? shell('app.name') })}
      />
      {SECTIONS.map((section) => (
        <section key={section}>
          <h2>{t(`privacy.${section}`)}</h2>
          <p>{t(`privacy.${section}.text`)}</p>
        </section>
      ))}
    </div>
  );
}
