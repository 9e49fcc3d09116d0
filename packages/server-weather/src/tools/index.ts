import { compareWeather } from "./compare-weather.ts";
import { drawWeatherChart } from "./draw-weather-chart.ts";
import { getAirQuality } from "./get-air-quality.ts";
import { getAlerts } from "./get-alerts.ts";
import { getClimate } from "./get-climate.ts";
import { getForecast } from "./get-forecast.ts";
import { getHistoricalWeather } from "./get-historical-weather.ts";
import { getMarineForecast } from "./get-marine-forecast.ts";
import { getWeather } from "./get-weather.ts";
import { searchLocations } from "./search-locations.ts";

/** In the order of the README. */
export const tools = [
  getWeather,
  getForecast,
  getAlerts,
  compareWeather,
  drawWeatherChart,
  getHistoricalWeather,
  getClimate,
  getAirQuality,
  getMarineForecast,
  searchLocations,
];
