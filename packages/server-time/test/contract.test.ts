import { serverContract } from "@org/server-kit/testing";
import { timeServer } from "../src/server.ts";

serverContract(timeServer, {
  samples: [
    ["get_current_time", {}],
    ["convert_time", { time: "14:30", source_timezone: "Europe/Berlin", target_timezone: "Asia/Kolkata" }],
    ["add_time", { start: "2026-03-29T01:30", timezone: "Europe/Berlin", duration: "P1DT1H" }],
    ["time_between", { start: "2026-03-28T09:00", end: "2026-04-28T17:00", timezone: "Europe/Berlin" }],
    ["find_timezones", { query: "United States" }],
    ["find_timezones", { query: "CST" }],
    ["get_timezone", { timezone: "America/St_Johns" }],
  ],
});
