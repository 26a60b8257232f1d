import type { Translation } from '../../src/i18n.ts';
import type it from '../it/sign-in.it.ts';

const en: Translation<typeof it> = {
  'title': 'Sign in',
  'lead': 'With your password, or with a link that we send you by e-mail.',
  'with_password': 'With a password',
  'with_link': 'Without a password',
  'email': 'E-mail address',
  'email.hint': 'The one the alliance knows you by.',
  'email.error': 'Write a complete address, like name@example.org.',
  'password': 'Password',
  'password.error': 'Write the password.',
  'show': 'Show the password',
  'hide': 'Hide the password',
  'enter': 'Sign in',
  'send': 'Send me the link',
  'wrong': 'Address and password do not match. Try again, or have the link sent to you.',
  'sent.title': 'Check your mail',
  'sent.text': 'If {email} is among the alliance’s addresses, a message with a sign-in link will arrive shortly. It works once.',
  'sent.again': 'Not arriving? Look in the junk folder, or try another address.',
  'sent.other': 'Use another address',
  'sent.demo': 'In the demo, mail is read here',
  'link.gone': 'The link you opened was used already or has expired. Have another one sent.',
  'link.unknown': 'The link you opened is incomplete or is not of this alliance. Copy all of it from the message, or have another one sent.',
  'confirm.title': 'Confirm that it is you',
  'confirm.text': 'You opened a sign-in link. Press the button to finish signing in on this device.',
  'confirm.missing': 'The link is incomplete. Copy all of it from the message, or have another one sent.',
  'confirm.gone': 'This link was used already or has expired. Have another one sent: it takes a moment.',
  'confirm.new': 'Ask for a new link',
  'welcome': 'Hello {name}, you are signed in.',
};
export default en;
