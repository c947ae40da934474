import * as z from 'zod';
import type { Json } from '../types/json.ts';

/** A setting whose schema stands with what it belongs to, outside core: here it is JSON, as it was read. */
export const jsonSetting = z.custom<Json>();
