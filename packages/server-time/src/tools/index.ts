import { addTime } from "./add-time.ts";
import { convertTime } from "./convert-time.ts";
import { findTimezones } from "./find-timezones.ts";
import { getCurrentTime } from "./get-current-time.ts";
import { getTimezone } from "./get-timezone.ts";
import { timeBetween } from "./time-between.ts";

export const tools = [getCurrentTime, convertTime, addTime, timeBetween, findTimezones, getTimezone];
