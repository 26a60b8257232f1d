/* A page whose code could not be fetched: no network, or a new version was installed meanwhile. */
import * as words from '../../lang/index.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page.tsx';

export default function Failed() {
  const t = words.shell.use();
  return (
    <>
      <PageHead title={t('failed.title')} lead={t('failed.text')} />
      <Button icon="refresh" onPress={() => location.reload()}>{t('retry')}</Button>
    </>
  );
}
