package minik8s.gpu.slurm;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A login host: run a fixed command, move files. Thread-safe; connects when it must. Every method
 * throws {@link RemoteFailure}; after {@code UNREACHABLE} or {@code TIMED_OUT} it is open whether
 * the operation happened.
 */
public interface Remote extends AutoCloseable {
  /** What a command printed. Codes are those of the shell; -1 when none came. */
  record Ran(int code, String out, String err) {}

  /** An entry of a directory. {@code file} and {@code directory} are false for links. */
  record Entry(String name, boolean file, boolean directory, long size, long modified) {}

  /** Runs a command line that {@link CommandLine} built. */
  Ran run(CommandLine command, Duration limit) throws RemoteFailure, InterruptedException;

  /** The absolute path of an existing place; {@code .} is the user's home. */
  String absolute(String path) throws RemoteFailure, InterruptedException;

  /** Makes a directory and those above it. */
  void directories(String path) throws RemoteFailure, InterruptedException;

  /** Writes a file under a temporary name beside it, then renames it over {@code path}. */
  void put(String path, InputStream content, int mode) throws RemoteFailure, InterruptedException;

  /** What is at a path, links not followed; empty when nothing is. */
  Optional<Entry> stat(String path) throws RemoteFailure, InterruptedException;

  /** The entries of a directory; none when it is not there. */
  List<Entry> list(String path) throws RemoteFailure, InterruptedException;

  /** Copies a file from an offset to its end. Returns the number of bytes. */
  long get(String path, long offset, OutputStream to) throws RemoteFailure, InterruptedException;

  /** Removes a file; done when it is not there. */
  void delete(String path) throws RemoteFailure, InterruptedException;

  /** The fingerprints of the host keys that were accepted. */
  List<String> fingerprints();

  @Override
  void close();
}
