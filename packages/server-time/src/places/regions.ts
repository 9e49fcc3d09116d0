import { fold } from "./fold.ts";

/** A state, a province, or another part of a country that people ask for by name. */
export interface Region {
  readonly name: string;
  readonly folded: readonly string[];
  /** Its postal code, folded; other things may have the same name. */
  readonly code: string | undefined;
  /** ISO 3166 code of its country; undefined where that is disputed. */
  readonly country: string | undefined;
  /** The zones that it uses, the most populous first. */
  readonly zones: readonly string[];
}

// country  name / other names [= postal code] | zones
const TABLE = `
US Alabama = AL | America/Chicago
US Alaska = AK | America/Anchorage America/Juneau America/Sitka America/Nome America/Yakutat America/Metlakatla America/Adak
US Arizona = AZ | America/Phoenix America/Denver
US Arkansas = AR | America/Chicago
US California = CA | America/Los_Angeles
US Colorado = CO | America/Denver
US Connecticut = CT | America/New_York
US Delaware = DE | America/New_York
US District of Columbia = DC | America/New_York
US Florida = FL | America/New_York America/Chicago
US Georgia = GA | America/New_York
US Hawaii = HI | Pacific/Honolulu
US Idaho = ID | America/Boise America/Los_Angeles
US Illinois = IL | America/Chicago
US Indiana = IN | America/Indiana/Indianapolis America/Chicago America/Indiana/Vincennes America/Indiana/Knox America/Indiana/Tell_City America/Indiana/Winamac America/Indiana/Petersburg America/Indiana/Marengo America/Indiana/Vevay
US Iowa = IA | America/Chicago
US Kansas = KS | America/Chicago America/Denver
US Kentucky = KY | America/Kentucky/Louisville America/New_York America/Chicago America/Kentucky/Monticello
US Louisiana = LA | America/Chicago
US Maine = ME | America/New_York
US Maryland = MD | America/New_York
US Massachusetts = MA | America/New_York
US Michigan = MI | America/Detroit America/Menominee
US Minnesota = MN | America/Chicago
US Mississippi = MS | America/Chicago
US Missouri = MO | America/Chicago
US Montana = MT | America/Denver
US Nebraska = NE | America/Chicago America/Denver
US Nevada = NV | America/Los_Angeles America/Denver
US New Hampshire = NH | America/New_York
US New Jersey = NJ | America/New_York
US New Mexico = NM | America/Denver
US New York State / State of New York = NY | America/New_York
US North Carolina = NC | America/New_York
US North Dakota = ND | America/Chicago America/Denver America/North_Dakota/New_Salem America/North_Dakota/Beulah America/North_Dakota/Center
US Ohio = OH | America/New_York
US Oklahoma = OK | America/Chicago
US Oregon = OR | America/Los_Angeles America/Boise
US Pennsylvania = PA | America/New_York
US Rhode Island = RI | America/New_York
US South Carolina = SC | America/New_York
US South Dakota = SD | America/Chicago America/Denver
US Tennessee = TN | America/Chicago America/New_York
US Texas = TX | America/Chicago America/Denver
US Utah = UT | America/Denver
US Vermont = VT | America/New_York
US Virginia = VA | America/New_York
US Washington / Washington State = WA | America/Los_Angeles
US West Virginia = WV | America/New_York
US Wisconsin = WI | America/Chicago
US Wyoming = WY | America/Denver
CA Alberta = AB | America/Edmonton
CA British Columbia = BC | America/Vancouver America/Edmonton America/Dawson_Creek America/Creston America/Fort_Nelson
CA Manitoba = MB | America/Winnipeg
CA New Brunswick = NB | America/Moncton
CA Newfoundland and Labrador = NL | America/St_Johns America/Goose_Bay
CA Newfoundland | America/St_Johns
CA Labrador | America/Goose_Bay America/St_Johns
CA Northwest Territories = NT | America/Edmonton America/Inuvik
CA Nova Scotia = NS | America/Halifax America/Glace_Bay
CA Nunavut = NU | America/Iqaluit America/Rankin_Inlet America/Cambridge_Bay America/Resolute America/Atikokan
CA Ontario = ON | America/Toronto America/Winnipeg America/Atikokan
CA Prince Edward Island = PE | America/Halifax
CA Quebec = QC | America/Toronto America/Blanc-Sablon
CA Saskatchewan = SK | America/Regina America/Swift_Current America/Edmonton
CA Yukon / Yukon Territory = YT | America/Whitehorse America/Dawson
AU Australian Capital Territory = ACT | Australia/Sydney
AU New South Wales = NSW | Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe
AU Northern Territory = NT | Australia/Darwin
AU Queensland = QLD | Australia/Brisbane Australia/Lindeman
AU South Australia = SA | Australia/Adelaide
AU Tasmania = TAS | Australia/Hobart
AU Victoria = VIC | Australia/Melbourne
AU Western Australia = WA | Australia/Perth Australia/Eucla
BE Flanders | Europe/Brussels
BE Wallonia | Europe/Brussels
BR Amazonas | America/Manaus America/Eirunepe
BR Bahia | America/Bahia
BR Minas Gerais | America/Sao_Paulo
CL Easter Island / Rapa Nui | Pacific/Easter
CN Guangdong | Asia/Shanghai
CN Sichuan | Asia/Shanghai
CN Tibet / Xizang | Asia/Shanghai Asia/Urumqi
CN Xinjiang | Asia/Shanghai Asia/Urumqi
DE Baden-Württemberg | Europe/Berlin Europe/Busingen
DE Bavaria / Bayern | Europe/Berlin
DE Hesse / Hessen | Europe/Berlin
DE Lower Saxony / Niedersachsen | Europe/Berlin
DE North Rhine-Westphalia / Nordrhein-Westfalen / NRW | Europe/Berlin
DE Saxony / Sachsen | Europe/Berlin
ES Andalusia | Europe/Madrid
ES Balearic Islands / Mallorca / Majorca / Ibiza | Europe/Madrid
ES Basque Country | Europe/Madrid
ES Canary Islands / Canaries / Tenerife | Atlantic/Canary
ES Catalonia | Europe/Madrid
FR Brittany | Europe/Paris
FR Corsica | Europe/Paris
FR Normandy | Europe/Paris
FR Provence | Europe/Paris
GR Crete | Europe/Athens
ID Bali | Asia/Makassar
ID Borneo / Kalimantan | Asia/Makassar Asia/Pontianak
ID Java | Asia/Jakarta
ID Sumatra | Asia/Jakarta
IN Goa | Asia/Kolkata
IN Gujarat | Asia/Kolkata
IN Karnataka | Asia/Kolkata
IN Kerala | Asia/Kolkata
IN Maharashtra | Asia/Kolkata
IN Punjab | Asia/Kolkata
IN Tamil Nadu | Asia/Kolkata
IN West Bengal | Asia/Kolkata
IT Lombardy | Europe/Rome
IT Sardinia | Europe/Rome
IT Sicily | Europe/Rome
IT Tuscany | Europe/Rome
JP Hokkaido | Asia/Tokyo
JP Okinawa | Asia/Tokyo
MX Baja California | America/Tijuana
MX Baja California Sur | America/Mazatlan
MX Quintana Roo | America/Cancun
MX Sonora | America/Hermosillo
MX Yucatan | America/Merida
PK Punjab | Asia/Karachi
PT Algarve | Europe/Lisbon
RO Transylvania | Europe/Bucharest
RU Kamchatka | Asia/Kamchatka
RU Siberia | Asia/Novosibirsk Asia/Krasnoyarsk Asia/Omsk Asia/Irkutsk Asia/Barnaul Asia/Novokuznetsk Asia/Tomsk Asia/Chita Asia/Yakutsk
TZ Zanzibar | Africa/Dar_es_Salaam
-- Crimea | Europe/Simferopol
`;

/** Regions of countries with several zones, and others that people treat as countries. */
export function readRegions(): readonly Region[] {
  return TABLE.trim()
    .split("\n")
    .map((line) => {
      const [title = "", zones = ""] = line.slice(3).split(" | ");
      const [names = "", code] = title.split(" = ");
      const [name = "", ...others] = names.split(" / ");
      const country = line.startsWith("--") ? undefined : line.slice(0, 2);
      const folded = [name, ...others].map(fold);
      return { name, folded, code: code?.toLowerCase(), country, zones: zones.split(" ") };
    });
}
