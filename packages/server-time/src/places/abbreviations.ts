import { fold } from "./fold.ts";

/** What an abbreviation can stand for. */
export interface Meaning {
  readonly abbreviation: string;
  readonly name: string;
  /** A zone that uses that time. */
  readonly zone: string;
  /** Its offset from UTC; undefined if that depends on the season, as with ET. */
  readonly hours: number | undefined;
}

interface Entry extends Meaning {
  /** The name and its other spellings, folded. */
  readonly names: readonly string[];
  /** The same without the season: `pacific time` for Pacific Daylight Time. */
  readonly plainNames: readonly string[];
}

// Abbreviations that people write but the IANA data lacks: it dropped those that its own editors had invented (AMT,
// BDT, GST …). The most common meaning of each comes first.
const TABLE = `
ACDT  Australian Central Daylight Time | Australia/Adelaide | 10.5
ACST  Australian Central Standard Time | Australia/Adelaide | 9.5
ACT   Acre Time | America/Rio_Branco | -5; Australian Central Time | Australia/Adelaide | 9.5
ACWST Australian Central Western Standard Time | Australia/Eucla | 8.75
ADT   Atlantic Daylight Time | America/Halifax | -3; Arabia Daylight Time (until 2007) | Asia/Baghdad | 4
AEDT  Australian Eastern Daylight Time | Australia/Sydney | 11
AEST  Australian Eastern Standard Time | Australia/Brisbane | 10
AET   Australian Eastern Time | Australia/Sydney
AFT   Afghanistan Time | Asia/Kabul | 4.5
AKDT  Alaska Daylight Time | America/Anchorage | -8
AKST  Alaska Standard Time | America/Anchorage | -9
AKT   Alaska Time | America/Anchorage
AMT   Amazon Time | America/Manaus | -4; Armenia Time | Asia/Yerevan | 4
ART   Argentina Time | America/Argentina/Buenos_Aires | -3
AST   Atlantic Standard Time | America/Halifax | -4; Arabia Standard Time / Arabian Standard Time | Asia/Riyadh | 3
AWST  Australian Western Standard Time | Australia/Perth | 8
AZOT  Azores Time | Atlantic/Azores | -1
AZT   Azerbaijan Time | Asia/Baku | 4
BDT   Bangladesh Time | Asia/Dhaka | 6; Brunei Time | Asia/Brunei | 8
BOT   Bolivia Time | America/La_Paz | -4
BRT   Brasília Time | America/Sao_Paulo | -3
BST   British Summer Time | Europe/London | 1; Bangladesh Standard Time | Asia/Dhaka | 6; Bougainville Standard Time | Pacific/Bougainville | 11
BTT   Bhutan Time | Asia/Thimphu | 6
CAT   Central Africa Time / Central African Time | Africa/Maputo | 2
CDT   Central Daylight Time (North America) | America/Chicago | -5; Cuba Daylight Time | America/Havana | -4; China Daylight Time (until 1991) | Asia/Shanghai | 9
CEST  Central European Summer Time | Europe/Berlin | 2
CET   Central European Time | Europe/Berlin | 1
CHADT Chatham Daylight Time | Pacific/Chatham | 13.75
CHAST Chatham Standard Time | Pacific/Chatham | 12.75
CHST  Chamorro Standard Time | Pacific/Guam | 10
CLST  Chile Summer Time | America/Santiago | -3
CLT   Chile Standard Time | America/Santiago | -4
COT   Colombia Time | America/Bogota | -5
CST   Central Standard Time (North America) | America/Chicago | -6; China Standard Time / Beijing Time | Asia/Shanghai | 8; Cuba Standard Time | America/Havana | -5
CT    Central Time (North America) | America/Chicago
EASST Easter Island Summer Time | Pacific/Easter | -5
EAST  Easter Island Standard Time | Pacific/Easter | -6
EAT   East Africa Time / East African Time | Africa/Nairobi | 3
ECT   Ecuador Time | America/Guayaquil | -5; Eastern Caribbean Time | America/Martinique | -4
EDT   Eastern Daylight Time (North America) | America/New_York | -4; Australian Eastern Daylight Time | Australia/Sydney | 11
EEST  Eastern European Summer Time | Europe/Athens | 3
EET   Eastern European Time | Europe/Athens | 2
EST   Eastern Standard Time (North America) | America/New_York | -5; Australian Eastern Standard Time | Australia/Brisbane | 10
ET    Eastern Time (North America) | America/New_York
FET   Further-eastern European Time | Europe/Minsk | 3
FJT   Fiji Time | Pacific/Fiji | 12
GET   Georgia Time | Asia/Tbilisi | 4
GMT   Greenwich Mean Time | Europe/London | 0
GST   Gulf Standard Time | Asia/Dubai | 4; South Georgia Time | Atlantic/South_Georgia | -2; Guam Standard Time (until 2000) | Pacific/Guam | 10
HDT   Hawaii-Aleutian Daylight Time | America/Adak | -9
HKT   Hong Kong Time | Asia/Hong_Kong | 8
HST   Hawaii Standard Time / Hawaii-Aleutian Standard Time | Pacific/Honolulu | -10
ICT   Indochina Time | Asia/Bangkok | 7
IDT   Israel Daylight Time | Asia/Jerusalem | 3
IOT   Indian Ocean Time | Indian/Chagos | 6
IRST  Iran Standard Time | Asia/Tehran | 3.5
IST   India Standard Time / Indian Standard Time | Asia/Kolkata | 5.5; Irish Standard Time | Europe/Dublin | 1; Israel Standard Time | Asia/Jerusalem | 2
JST   Japan Standard Time / Japanese Standard Time | Asia/Tokyo | 9
KST   Korea Standard Time / Korean Standard Time | Asia/Seoul | 9
LHDT  Lord Howe Daylight Time | Australia/Lord_Howe | 11
LHST  Lord Howe Standard Time | Australia/Lord_Howe | 10.5
LINT  Line Islands Time | Pacific/Kiritimati | 14
MART  Marquesas Time | Pacific/Marquesas | -9.5
MDT   Mountain Daylight Time (North America) | America/Denver | -6
MMT   Myanmar Time | Asia/Yangon | 6.5
MSK   Moscow Standard Time / Moscow Time | Europe/Moscow | 3
MST   Mountain Standard Time (North America) | America/Denver | -7; Malaysia Standard Time | Asia/Kuala_Lumpur | 8; Myanmar Standard Time | Asia/Yangon | 6.5
MT    Mountain Time (North America) | America/Denver
MYT   Malaysia Time | Asia/Kuala_Lumpur | 8
NDT   Newfoundland Daylight Time | America/St_Johns | -2.5
NPT   Nepal Time | Asia/Kathmandu | 5.75
NST   Newfoundland Standard Time | America/St_Johns | -3.5
NZDT  New Zealand Daylight Time | Pacific/Auckland | 13
NZST  New Zealand Standard Time | Pacific/Auckland | 12
NZT   New Zealand Time | Pacific/Auckland
PDT   Pacific Daylight Time (North America) | America/Los_Angeles | -7
PET   Peru Time | America/Lima | -5
PHOT  Phoenix Islands Time | Pacific/Kanton | 13
PHT   Philippine Time | Asia/Manila | 8
PKT   Pakistan Standard Time | Asia/Karachi | 5
PST   Pacific Standard Time (North America) | America/Los_Angeles | -8; Philippine Standard Time | Asia/Manila | 8; Pitcairn Standard Time | Pacific/Pitcairn | -8
PT    Pacific Time (North America) | America/Los_Angeles
PYT   Paraguay Time | America/Asuncion | -3
SAST  South Africa Standard Time / South African Standard Time | Africa/Johannesburg | 2
SGT   Singapore Time | Asia/Singapore | 8
SST   Samoa Standard Time (American Samoa) / American Samoa Time | Pacific/Pago_Pago | -11; Singapore Standard Time | Asia/Singapore | 8
TRT   Turkey Time | Europe/Istanbul | 3
UTC   Coordinated Universal Time / Universal Time | Etc/UTC | 0
UYT   Uruguay Time | America/Montevideo | -3
UZT   Uzbekistan Time | Asia/Tashkent | 5
VET   Venezuela Time | America/Caracas | -4
WAT   West Africa Time / West African Time | Africa/Lagos | 1
WEST  Western European Summer Time | Europe/Lisbon | 1
WET   Western European Time | Europe/Lisbon | 0
WIB   Western Indonesia Time | Asia/Jakarta | 7
WIT   Eastern Indonesia Time | Asia/Jayapura | 9
WITA  Central Indonesia Time | Asia/Makassar | 8
WST   West Samoa Time / Samoa Time | Pacific/Apia | 13; Western Standard Time (Australia) | Australia/Perth | 8; Western Sahara Summer Time | Africa/El_Aaiun | 1
`;

const REMARK = /\s*\(.*\)$/;

let table: ReadonlyMap<string, readonly Entry[]> | undefined;

function entries(): ReadonlyMap<string, readonly Entry[]> {
  table ??= new Map(TABLE.trim().split("\n").map(parseLine));
  return table;
}

/** The known meanings of an abbreviation (in any case), for ET both of its seasons as well; none for unknown ones. */
export function meaningsOf(abbreviation: string): readonly Meaning[] {
  const own = entries().get(abbreviation.toUpperCase()) ?? [];
  return own.flatMap((entry) => (entry.hours === undefined ? [entry, ...seasonsOf(entry)] : [entry]));
}

/**
 * The meanings of a time's name: only one for `eastern standard time`, every season for `eastern time`. @param folded
 * as returned by fold()
 */
export function meaningsNamed(folded: string): readonly Meaning[] {
  const wanted = folded.replace(/^(?:the )?usa? /, "").replace(/ daylight savings? time$/, " daylight time");
  const all = [...entries().values()].flat();
  const exact = all.filter(({ names }) => names.includes(wanted));
  return [...exact, ...all.filter(({ plainNames }) => plainNames.includes(wanted)).sort(byHours)];
}

function seasonsOf({ names }: Entry): readonly Entry[] {
  const all = [...entries().values()].flat();
  const isSeason = ({ hours, plainNames }: Entry) =>
    hours !== undefined && plainNames.some((name) => names.includes(name));
  return all.filter(isSeason).sort(byHours);
}

// Standard time before summer time.
const byHours = (a: Entry, b: Entry) => (a.hours ?? 0) - (b.hours ?? 0);

function parseLine(line: string): readonly [string, readonly Entry[]] {
  const abbreviation = line.slice(0, 6).trim();
  const meanings = line
    .slice(6)
    .split(";")
    .map((text): Entry => {
      const [spellings = "", zone = "", hours] = text.split("|").map((part) => part.trim());
      const [name = "", ...others] = spellings.split(" / ");
      const names = [name, ...others].map((spelling) => fold(spelling.replace(REMARK, "")));
      const plainNames = names.map((text) => text.replace(/ (?:standard|daylight|summer) time$/, " time"));
      return { abbreviation, name, zone, hours: hours === undefined ? undefined : Number(hours), names, plainNames };
    });
  return [abbreviation, meanings];
}
