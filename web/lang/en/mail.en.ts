import type { Translation } from '../../src/i18n.ts';
import type it from '../it/mail.it.ts';

const en: Translation<typeof it> = {
  'title': 'Demo mail',
  'lead': 'The messages the system would have sent. In the demo they stay here: nobody really gets them.',
  'none': 'No messages yet',
  'none.text': 'Publish a plan or ask for a sign-in link: the message will appear here.',
  'list': 'Messages',
  'to': 'To {address}',
  'refresh': 'Refresh',
  'choose': 'Choose a message to read it.',
  'parts': 'Parts of the message',
  'part.text': 'Text',
  'part.html': 'HTML',
  'part.calendar': 'Invitation (.ics)',
  'part.raw': 'Original',
  'download.calendar': 'Download the invitation',
  'download.raw': 'Download the message',
  'back': 'All messages',
};
export default en;
