package minik8s.kubectl;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.command.Program;
import minik8s.kubectl.command.Streams;

/** The program's entry: real streams in, an exit code out. Runs on the main thread. */
public final class Kubectl {
  private Kubectl() {}

  /** Runs one command and leaves the JVM with its exit code. */
  public static void main(String[] args) {
    PrintStream out = stream(FileDescriptor.out, 16_384);
    PrintStream err = stream(FileDescriptor.err, 1_024);
    Streams streams =
        new Streams(new FileInputStream(FileDescriptor.in), out, err, Terminal.present());
    int code = run(args, streams, System.getenv());
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command on the given streams; never throws. */
  public static int run(String[] args, Streams streams, Map<String, String> environment) {
    try {
      return new Program(streams, environment, InstantSource.system()).run(args);
    } catch (KubectlException e) {
      streams.out().flush();
      if (!e.text().isEmpty()) {
        streams.err().append(e.text()).append(e.text().endsWith("\n") ? "" : "\n").flush();
      }
      return e.exitCode();
    } catch (RuntimeException e) {
      streams.out().flush();
      streams.err().append("error: " + Unexpected.text(e) + "\n").flush();
      return 1;
    }
  }

  private static PrintStream stream(FileDescriptor descriptor, int buffer) {
    return new PrintStream(
        new java.io.BufferedOutputStream(new FileOutputStream(descriptor), buffer),
        false,
        StandardCharsets.UTF_8);
  }
}
