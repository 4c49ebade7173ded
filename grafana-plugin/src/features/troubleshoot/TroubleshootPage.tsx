import { LoadingState } from '../../shared/LoadingState';

export default function TroubleshootPage() {
  return <LoadingState text="" />;
}
