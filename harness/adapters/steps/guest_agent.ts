import { Backoff, pause } from "../../model/wait.ts";
import { PveError } from "../probes/pve.ts";

/** A virtual machine that runs on the hypervisor. */
interface Guest {
  readonly node: string;
  readonly name: string;
  readonly id: number;
}

/** What a file is read with. */
interface Means {
  /** GET of the Proxmox VE API; rejects with a {@linkcode PveError} on a status other than 200. */
  pve(path: string): Promise<{ content: string }>;
  log(line: string): void;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  readonly backoff?: Backoff;
}

/** Milliseconds that a machine that was just started has for its guest agent to answer. */
const patienceMs = 120_000;

/**
 * Reads a file of a virtual machine through its guest agent, which is waited for: it comes with the end of the boot.
 * @throws if it does not come in time, or at once if the API refuses or the VM has none; the API's last answer is the cause.
 */
export async function readGuestFile(guest: Guest, file: string, means: Means): Promise<string> {
  const { pve, log, signal, deadlineMs = patienceMs, backoff = new Backoff(1_000, 5_000) } = means;
  const path = `/nodes/${guest.node}/qemu/${guest.id}/agent/file-read?file=${encodeURIComponent(file)}`;
  const called = `${guest.name} (VM ${guest.id})`;
  const end = performance.now() + deadlineMs;
  for (let waited = false;; waited = true) {
    try {
      return (await pve(path)).content;
    } catch (error) {
      // Below 500 it is the request that is refused, and no agent helps.
      if (!(error instanceof PveError) || error.status < 500) throw error;
      const left = end - performance.now();
      if (left <= 0 || isDisabled(error)) throw noAgent(called, file, error, waited ? deadlineMs : 0);
      if (!waited) log(`waiting for the guest agent of ${called}, up to ${Math.round(deadlineMs / 1000)} s`);
      await pause(backoff.next(left), signal);
    }
  }
}

/** True if the VM's configuration gives it no agent, which waiting does not change. */
function isDisabled({ message }: PveError): boolean {
  return message.includes("No QEMU guest agent configured");
}

function noAgent(called: string, file: string, cause: PveError, waitedMs: number): Error {
  const when = waitedMs > 0 ? `after ${Math.round(waitedMs / 1000)} s the API still says` : "the API says";
  const message = `Cannot read ${file} of ${called} through its guest agent: ${when} '${cause.message}'; ` +
    "see that qemu-guest-agent is in the image and runs, and that the VM's options enable it (`agent: 1`), then run `up` " +
    "again, or pin the machine's key by hand (runbooks/deploy-from-scratch.md)";
  return new Error(message, { cause });
}
