/* An address without a page. */
import * as words from '../../lang/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page.tsx';

export default function NotFound() {
  const t = words.shell.use();
  return (
    <>
      <PageHead title={t('not_found.title')} lead={t('not_found.text')} />
      <LinkButton href="/">{t('go_home')}</LinkButton>
    </>
  );
}
