/** Whether a line without a time of its own continues the event before it: stack frames, indented text, closing brackets. */
export function isContinuation(text: string): boolean {
  return CONTINUATION.test(text);
}

const CONTINUATION =
  /^(?:\s|at |Caused by: |Suppressed: |Traceback |During handling of |The above exception |\.{3} \d|[)\]}]|[\w.$]{1,200}(?:Exception|Error|Throwable)(?::|$)|goroutine \d|File ")/;
