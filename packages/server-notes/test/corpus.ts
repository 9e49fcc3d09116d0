/**
 * A realistic vault, made for these tests: an Obsidian folder with templates and daily notes, names in many scripts and
 * with invisible characters, aliases, duplicate names, links in front matter, code, math, and tags in odd places.
 * `useServer(corpus())` serves it.
 */
export function corpus(): Record<string, string> {
  return { ...OBSIDIAN, ...DAILY, ...LANGUAGES, ...ODD_NAMES, ...DUPLICATES, ...METHOD, ...SYNTAX, ...MUSIC };
}

/** Names with invisible characters. */
export const ODD_PATHS = {
  zeroWidthSpace: "ភាសា/សៀវភៅ\u200bថ្មី.md",
  softHyphen: "Donau\u00addampfschiff.md",
  joiner: "plain\u200djoined.md",
  privateUse: "\ue001icon note.md",
  tagCharacters: "flag\u{e0067}\u{e0062}.md",
  noBreakSpace: "two\u00a0words.md",
  decomposed: "Cafe\u0301 list.md",
} as const;

const OBSIDIAN = {
  ".obsidian/app.json": "{}",
  ".obsidian/daily-notes.json": '{"folder":"Journal","format":"YYYY-MM-DD","template":"Templates/Daily"}',
  ".obsidian/templates.json": '{"folder":"Templates"}',
  "Templates/Daily.md": "# {{title}}\n\n## Plan\n\n## Log\n\n",
  "Templates/Meeting.md": "---\ntags: [meeting]\n---\n# {{title}}\n\nDate: {{date}}\n\n## Present\n\n## Decided\n",
  "Templates/Book.md": '---\nauthor: ""\nrating:\n---\n# {{title}}\n',
  "Attachments/diagram.png": "png",
  "Attachments/board.canvas": '{"nodes":[],"edges":[]}',
};

const DAYS = 14;

const DAILY = Object.fromEntries(
  Array.from({ length: DAYS }, (_, day) => {
    const date = `2026-03-${String(day + 1).padStart(2, "0")}`;
    const log = `- [x] call [[Anna Müller|Anna]]\n- [ ] write the note for [[Zettelkasten]] #todo/today\n- walked ${day} km\n`;
    return [`Journal/${date}.md`, `# ${date}\n\n## Plan\n\nWhat is a good day?\n\n## Log\n\n${log}`];
  }),
);

const LANGUAGES = {
  "فارسی/کتاب‌ها.md": "# کتاب‌ها\n\nکتاب‌های خوب برای زمستان. می‌خواهم بخوانم. #کتاب\n",
  "عربي/القراءة.md": "# القراءة\n\nمكتبة كبيرة في المدينة. أحمد يقرأ. الصفحة ٤٢.\n",
  [ODD_PATHS.zeroWidthSpace]: "# សៀវភៅ\u200bថ្មី\n\nសៀវភៅល្អ\u200bសម្រាប់រដូវរងា\n",
  "日本語/会議の議事録.md": "# 会議の議事録\n\n東京タワーの前で会議をした。#会議\n",
  "日本語/読書　メモ.md": "# 読書メモ\n\n吾輩は猫である。\n",
  "Deutsch/Häuser.md": "# Häuser\n\nDas Haus und die Häuser sind nicht groß. Eine Notiz über Straßen. #käse\n",
  "Deutsch/Notiz über Bücher.md":
    "# Notiz über Bücher\n\nEin Buch ist das beste Geschenk. Mit Fußnoten und Überschriften.\n",
  "Français/Journal d'été.md": "# Journal d'été\n\nLes chevaux sont dans le pré pour une journée.\n",
  "Русский/Заметка.md": "# Заметка\n\nКнига, что лежит на столе, и не другая.\n",
};

const ODD_NAMES = {
  [ODD_PATHS.softHyphen]: "A ship on the river, with a soft hyphen.\n",
  [ODD_PATHS.joiner]: "A joiner between Latin letters.\n",
  [ODD_PATHS.privateUse]: "An icon of some font begins the name.\n",
  [ODD_PATHS.tagCharacters]: "Tag characters end the name.\n",
  [ODD_PATHS.noBreakSpace]: "A space that does not break.\n",
  [ODD_PATHS.decomposed]: "Written on a Mac.\n",
  "👩‍👧 Family.md": "An emoji with a joiner that belongs there.\n",
  "100% sure (draft) & more, really!.md": "Percent, brackets and commas.\n",
  "Odd links.md": `To [[plain\u200djoined]], [[two\u00a0words]] and [percent](100%25%20sure%20(draft)%20&%20more,%20really!.md).\n`,
};

const DUPLICATES = {
  "Idea.md": "# Idea\n\nThe one on top. See [[Readme]].\n",
  "Projects/Alpha/Readme.md": "# Alpha\n\n## Goals\n\nHere [[Idea]] is the one of this folder.\n",
  "Projects/Alpha/Idea.md": "# Idea of Alpha\n\n[[Readme#Goals]] is there, [[Readme#Nope]] is not.\n",
  "Projects/Beta/Readme.md": "# Beta\n\n[[Alpha/Readme]] and [[Idea]], which is the one on top.\n",
  "Archive/2024/old/Idea.md": "# Old idea\n",
  "Archive/Unique.md": "# Unique\n\n[[Idea#^block]] and [[Idea#Nope]] are broken, [[Unique#Unique]] is not.\n",
};

const LONG = "On this page all things are written that came to mind that day, a great many of them, and in no order. ";

const METHOD = {
  "Daily notes.md": "# Daily notes\n\nOne for each day. They gather what comes up. #method\n",
  "Zettelkasten.md":
    '---\naliases: ["Slip box", Luhmann]\n---\n# Zettelkasten\n\nA box of slips, each with one thought. #method\n',
  "Zettelkasten compared with other methods of keeping notes.md":
    "What is Zettelkasten? What is not? What is it for?\n",
  "Inbox.md": `${LONG.repeat(60)}\nWhat is new daily?\n${LONG.repeat(60)}\nA note is a text.\n`,
  "Anna Müller.md": "---\nrole: gardener\ntags: [people]\naliases: Anna\n---\nMet in spring.\n",
  "Meetings/2026-03-02 Budget.md":
    "---\ntags: [meeting]\n---\n# Budget\n\nThe budgets for next year. Diaries and boxes.\n",
};

const SYNTAX = {
  "Code.md":
    "# Code\n\n```sh\necho '#notatag' [[not a link]]\n```\n\n- item\n\n      #indented [[nor this]]\n\n`[[inline]]` #realtag\n",
  "Math.md": "Costs $x_{#notatag}$ and\n\n$$\n[[a]]_{i} #alsonot\n$$\n\nbut $5 and $6 [[Idea]] #math\n",
  "Tags.md":
    '#one#two (#inparens) "#quoted" _#under_ #123 #a1 #nested/deep/er \\#escaped a#b https://x.example/#frag\n',
  "Html.md": '<a href="#anchor" title="[[no]]">x</a> and <!-- #hidden [[hidden]] --> #shown\n',
  "Escapes.md": "\\[[Idea]] and [[Bar]](Foo) and [[Idea|an alias ] here]] and ![[diagram.png|300]]\n",
  "Windows.md": "# Windows\r\n\r\nline ends #crlf\r\n",
  "Broken front matter.md": "---\ntitle: [unclosed\n---\nText all the same.\n",
};

const MUSIC = {
  "Music/Chambers.md":
    '---\nartist: "[[Paul Chambers]]"\nalbums:\n  - "[[Bass on Top]]"\n  - Whims of Chambers\n---\n# Chambers\n',
  "Music/Paul Chambers.md": "# Paul Chambers\n\nPlayed the bass.\n",
  "Music/Bass on Top.md":
    "---\nyear: 1957\nplayers: ['[[Paul Chambers|Chambers]]', \"[[Nobody]]\"]\n---\n# Bass on Top\n",
};
