import Pending from '../pending.tsx';

export default Pending;
