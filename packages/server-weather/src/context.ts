/** What handlers share: made once, when the process starts. */
export interface Weather {
  /** Divides a text into words by the rules of a language. */
  readonly segmenter: Intl.Segmenter;
}
