import * as z from 'zod';
import type { Json } from '../types/json.ts';

/** A setting whose schema is outside core, with the part that it belongs to. Here it is JSON, as it was read. */
export const jsonSetting = z.custom<Json>();
