/** Kubernetes' API could not be asked, or answered with something that is no answer to the question. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  constructor(message: string, readonly fatal: boolean, options?: ErrorOptions) {
    super(message, options);
  }
}
