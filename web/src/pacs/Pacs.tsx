import { useNodes } from '../devices/useNodes';
import { Link } from '../frame/Link';
import { useT } from '../messages';
import { Section } from '../parts/Section';
import { Answers } from './Answers';
import { AskForm } from './AskForm';
import { Forwarding } from './Forwarding';
import { RetrievalRules } from './RetrievalRules';
import { useAsking } from './useAsking';
import './pacs.css';

/** Asks remote nodes, retrieves from them, and says what goes to and fro by itself. */
export default function Pacs() {
  const t = useT();
  const found = useNodes();
  const asking = useAsking();
  const nodes = found.data?.items ?? [];
  const asked = nodes.filter((node) => node.uses.includes('query'));
  return (
    <div className="screen">
      <h1>{t('frame.pacs')}</h1>
      <Section title={t('pacs.question')} found={found}>
        {() =>
          asked.length === 0 ? (
            <p>
              {t('pacs.noNodes')} <Link to="/devices">{t('pacs.addNode')}</Link>
            </p>
          ) : (
            <AskForm nodes={asked} asking={asking} />
          )
        }
      </Section>
      {asking.state !== 'nothing' && <Answers asking={asking} />}
      <RetrievalRules nodes={nodes} />
      <Forwarding nodes={nodes} />
    </div>
  );
}
