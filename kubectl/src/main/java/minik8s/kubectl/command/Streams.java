package minik8s.kubectl.command;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a run reads and writes, and whether a person looks at it. Immutable.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param terminal whether standard output is a terminal
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, boolean terminal) {}
