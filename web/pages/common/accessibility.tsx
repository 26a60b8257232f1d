/* The accessibility statement, with the fields of AgID's model. What only the alliance can state is
 * said to be the alliance's. */
import * as words from '../../lang/more.ts';
import { useSession } from '../../src/session.ts';
import { PageHead } from '../../ui/page.tsx';

export default function Accessibility() {
  const t = words.about.use();
  const shell = words.shell.use();
  const { me } = useSession();
  return (
    <div class="prose">
      <PageHead title={t('a11y.title')} lead={t('a11y.lead', { alliance: me?.alliance.name ?? shell('app.name') })} />
      <p>{t('a11y.applies', { address: location.origin })}</p>
      <h2>{t('a11y.state')}</h2>
      <p>{t('a11y.state.text')}</p>
      <h2>{t('a11y.limits')}</h2>
      <ul>
        <li>{t('a11y.limits.law')}</li>
        <li>{t('a11y.limits.burden')}</li>
        <li>{t('a11y.limits.outside')}</li>
      </ul>
      <h2>{t('a11y.made')}</h2>
      <p>{t('a11y.made.method')}</p>
      <p>{t('a11y.made.date')}</p>
      <h2>{t('a11y.feedback')}</h2>
      <p>{t('a11y.feedback.text')}</p>
      <h2>{t('a11y.procedure')}</h2>
      <p>{t('a11y.procedure.text')}</p>
      <p>
        <a href="https://www.agid.gov.it/it/agenzia/difensore-civico-per-il-digitale" rel="noopener noreferrer">
          {t('a11y.procedure.link')}
        </a>
      </p>
      <h2>{t('a11y.site')}</h2>
      <ul>
        <li>{t('a11y.site.date')}</li>
        <li>{t('a11y.site.tests')}</li>
        <li>{t('a11y.site.cms')}</li>
      </ul>
      <h2>{t('a11y.body')}</h2>
      <p>{t('a11y.body.text')}</p>
      <h2>{t('a11y.goals')}</h2>
      <p>{t('a11y.goals.text')}</p>
    </div>
  );
}
