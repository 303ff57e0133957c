/** Red is for refused and overdue only. */
export type Tone = "ok" | "wait" | "stop" | "plain";
