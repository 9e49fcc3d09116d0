import * as z from "zod";

export const customerInput = z.string().min(1).max(200).describe("Id (C-1001), email address or full name.");

export const ticketInput = z.string().min(1).max(20).describe("Such as T-12.");
