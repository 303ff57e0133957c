import type { Failure } from "../bindings";

/** What a command failed with: a stable code and its parameters. */
export class Fault extends Error implements Failure {
  readonly code: string;
  readonly params: Record<string, string>;

  constructor(code: string, params: Record<string, string> = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }

  static from(error: unknown): Fault {
    if (error instanceof Fault) return error;
    if (typeof error === "object" && error !== null && "code" in error) {
      const { code, params } = error as Failure;
      return new Fault(String(code), { ...params });
    }
    return new Fault("app.unexpected", { detail: String(error) });
  }
}
