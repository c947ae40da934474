import { followStudy } from './follow-study.ts';
import { startPage } from './start-page.ts';

followStudy(startPage());
