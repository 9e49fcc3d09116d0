import { definePrompt, quote } from "@org/server-kit";
import * as z from "zod";

const place = z.string().min(1).max(200).describe("Place, postcode or lat,lon.");

export const planOutdoorDay = definePrompt({
  name: "plan_outdoor_day",
  title: "Plan a day outdoors",
  description: "Finds the best hours of the coming days for an activity outdoors.",
  args: z.object({
    location: place,
    activity: z.string().min(1).max(200).describe("What is planned: a hike, a wedding, painting the fence."),
  }),
  run: ({ location, activity }) =>
    [
      `I plan this outdoors: ${quote(activity, 200)}. The place is ${quote(location, 200)}.`,
      "Call get_forecast for the next seven days with uncertainty, then by the hour for the two days that suit it best, and " +
        "get_alerts. If pollen or smog matter for it, call get_air_quality; at the coast, get_marine_forecast.",
      "Tell me the best day and hours and why, a second choice, what could go wrong and how sure that is, and what to bring. " +
        "Name the place that the answers are for. Use only figures from the answers, with their units.",
    ].join("\n"),
});

export const packForTrip = definePrompt({
  name: "pack_for_trip",
  title: "Pack for a trip",
  description: "Says what to pack for a trip, from the forecast or from what is normal then.",
  args: z.object({
    location: place,
    start_date: z.string().min(1).max(20).describe("First day, YYYY-MM-DD."),
    end_date: z.string().min(1).max(20).describe("Last day, YYYY-MM-DD."),
  }),
  run: ({ location, start_date, end_date }) =>
    [
      `I travel to ${quote(location, 200)} from ${quote(start_date, 20)} to ${quote(end_date, 20)}. What should I pack?`,
      "For the days within the next 16, call get_forecast with start and uncertainty; for all others, call get_climate for " +
        "their months and say that this is what is normal then, not a forecast. Call get_alerts if I leave within three days.",
      "Give me a short list of clothes and gear, each with the figure that calls for it, and what to decide on the last day. " +
        "Name the place that the answers are for.",
    ].join("\n"),
});
