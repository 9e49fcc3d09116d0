import { countWords } from "./count-words.ts";

/** In the order of the README. */
export const tools = [countWords];
