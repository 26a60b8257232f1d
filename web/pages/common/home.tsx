/* Home: the one next thing to do, first, as the server orders it; then the others. A stranger is
 * told what this is and how to enter. */
import * as words from '../../lang/index.ts';
import { me as meApi } from '../../src/api.ts';
import { moment, useLang } from '../../src/i18n.ts';
import { places } from '../../src/nav.ts';
import { hasRole, member, useSession } from '../../src/session.ts';
import type { HomeCard, Me, Member } from '../../src/wire.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';

interface Action {
  icon: string;
  href: (card: HomeCard, me: Me) => string;
}

const ref = (card: HomeCard) => encodeURIComponent(card.ref ?? '');

/* Where each card leads; a code without a row here is not shown. */
const ACTIONS: Record<string, Action> = {
  session_now: {
    icon: 'presentation',
    href: (card, me) => (hasRole(me, 'trainer', 'coordinator', 'inspector') ? `/live/${ref(card)}` : `/check-in?for=${ref(card)}`),
  },
  checkin_open: { icon: 'check-circle', href: (card) => (card.ref ? `/check-in?for=${ref(card)}` : '/check-in') },
  next_session: { icon: 'calendar', href: (_card, me) => (hasRole(me, 'participant') ? '/my-sessions' : '/teaching') },
  no_availability: { icon: 'clock', href: () => '/availability' },
  add_calendar: { icon: 'calendar', href: () => '/calendar' },
  unplaced_sessions: { icon: 'calendar', href: (card) => (card.ref ? `/projects/${ref(card)}/board` : '/projects') },
  draft_changes: { icon: 'check-circle', href: (card) => (card.ref ? `/projects/${ref(card)}/review` : '/projects') },
  call_open: { icon: 'bookmark', href: (card) => (card.ref ? `/calls/${ref(card)}` : '/projects') },
  new_course: { icon: 'plus-circle', href: () => '/new-course' },
  my_people: { icon: 'user', href: () => '/people' },
  services: { icon: 'pa', href: () => '/services' },
  doctor: { icon: 'tool', href: () => '/readyz' },
  failed_messages: { icon: 'mail', href: () => '/outbox' },
};

function useCardText() {
  const t = words.home.use();
  const lang = useLang();
  return (card: HomeCard) => {
    const values = { title: card.title ?? '', n: card.count ?? 0 };
    const counted = t.maybe(`card.${card.code}.${card.count === 1 ? 'one' : 'other'}`, values);
    return {
      text: (t.maybe(`card.${card.code}`, values) ?? counted ?? '').replace(/ (in|a|to) $/, ''),
      verb: t.maybe(`card.${card.code}.do`) ?? '',
      when: card.at ? moment(card.at, lang) : null,
    };
  };
}

function First({ card, me }: { card: HomeCard; me: Member }) {
  const text = useCardText()(card);
  const t = words.home.use();
  return (
    <section class="hero" aria-label={t('next')}>
      <h2>{text.text}</h2>
      {text.when && <p>{text.when}</p>}
      <LinkButton class="btn-big" icon="arrow-right" href={ACTIONS[card.code]?.href(card, me) ?? '/'}>{text.verb}</LinkButton>
    </section>
  );
}

function Others({ cards, me }: { cards: HomeCard[]; me: Member }) {
  const cardText = useCardText();
  const t = words.home.use();
  return (
    <section class="section">
      <h2>{t('then')}</h2>
      <ul class="link-list panel panel-flush">
        {cards.map((card) => {
          const { text, when } = cardText(card);
          const action = ACTIONS[card.code];
          return (
            <li key={card.code + (card.ref ?? '')}>
              <a href={action?.href(card, me) ?? '/'}>
                <Icon name={action?.icon ?? 'arrow-right'} />
                <span>{text}</span>
                {when && <span class="count"><Chip>{when}</Chip></span>}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function MemberHome({ me }: { me: Member }) {
  const t = words.home.use();
  const home = useLoad((signal) => meApi.home(signal));
  return (
    <>
      <PageHead title={t('title', { name: me.person.given_name })} lead={t('lead')} />
      <Loaded from={home}>
        {({ cards }) => {
          const [first, ...others] = cards.filter((card) => card.code in ACTIONS);
          return first ? (
            <>
              <First card={first} me={me} />
              {others.length > 0 && <Others cards={others} me={me} />}
            </>
          ) : (
            <Empty icon="check-circle" title={t('nothing')}><p>{t('nothing.text')}</p></Empty>
          );
        }}
      </Loaded>
      <Places me={me} />
    </>
  );
}

/* Everywhere else this person can go. */
function Places({ me }: { me: Member }) {
  const t = words.home.use();
  const shell = words.shell.use();
  const others = places(me).filter(({ key }) => key !== 'home');
  return others.length > 0 && (
    <section class="section">
      <h2>{t('places')}</h2>
      <ul class="link-list place-list panel panel-flush">
        {others.map(({ key, href, icon }) => (
          <li key={key}><a href={href}><Icon name={icon} /> {shell(`nav.${key}`)}</a></li>
        ))}
      </ul>
    </section>
  );
}

function StrangerHome({ me }: { me: Me | null }) {
  const t = words.home.use();
  const shell = words.shell.use();
  return (
    <>
      <PageHead title={t('stranger.title')} lead={t('stranger.lead', { alliance: me?.alliance.name ?? shell('app.name') })} />
      <div class="actions">
        <LinkButton href="/sign-in" class="btn-big" icon="user">{t('stranger.enter')}</LinkButton>
        <LinkButton href="/check-in" look="outline" class="btn-big" icon="check-circle">{t('stranger.check_in')}</LinkButton>
      </div>
    </>
  );
}

export default function Home() {
  const { me } = useSession();
  const signedIn = member(me);
  return signedIn ? <MemberHome me={signedIn} /> : <StrangerHome me={me} />;
}
