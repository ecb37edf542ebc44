/** A word that a shell takes as it is: plain, in single quotes, or in double quotes with nothing to expand. */
const word = String.raw`(?:[\w@%+=:,./^!-]|'[^'\n]*'|"[^"$\x60\\\n]*")+`;
/** A program's name, or a builtin's. */
const program = String.raw`[\w/][\w./+-]*`;
const simple = String.raw`${program}(?: +${word})*`;
/** One program with its arguments; these may be `$(another)` or `"$(another)"`, as `test` often has them. */
const harmless = new RegExp(String.raw`^(${program})(?: +(?:${word}|\$\(${simple}\)|"\$\(${simple}\)"))*$`);

/** Words that may be builtins that change the shell, or part of its grammar. */
const touching = new Set(
  (". alias bg break builtin case cd chdir command continue coproc declare dirs disown do done elif else enable esac " +
    "eval exec exit export fc fg fi for function getopts hash history if in jobs kill let local logout mapfile popd " +
    "printf pushd read readarray readonly return select set shift shopt source suspend then time times trap type " +
    "typeset ulimit umask unalias unset until wait while").split(" "),
);

/**
 * True if a command can run in a POSIX shell as it is, with no subshell around it: it parses, whatever stands beside
 * it, and it leaves the shell as it was. False says only that this cannot be told.
 */
export function isHarmless(command: string): boolean {
  const [, name] = harmless.exec(command) ?? [];
  return name !== undefined && !touching.has(name);
}
