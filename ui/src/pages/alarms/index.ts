/** The pages of alarms. They are fetched as one part, when the first of them is opened. */
import './alarms.css';

export { Alarms } from './Alarms';
export { AlarmPage } from './detail/AlarmPage';
export { AlarmEditor } from './editor/AlarmEditor';
