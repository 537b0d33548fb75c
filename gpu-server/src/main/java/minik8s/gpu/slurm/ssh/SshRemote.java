package minik8s.gpu.slurm.ssh;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import minik8s.control.Timers;
import minik8s.gpu.slurm.CommandLine;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.slurm.Remote;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A login host over SSH, with SFTP on the same connection or, where the centre wants it so, on a
 * data host. Thread-safe.
 */
public final class SshRemote implements Remote {
  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(30);

  private final SshLink login;
  private final SshLink data;
  private final GatewayMeter meter;

  /**
   * @param dataHost null where files go through the login host
   * @param refusedBefore why these credentials must not even be tried; empty for new ones
   */
  public SshRemote(
      Target loginHost,
      @Nullable Target dataHost,
      Credentials credentials,
      Optional<RemoteFailure> refusedBefore,
      Timers timers,
      GatewayMeter meter) {
    this.meter = meter;
    login = new SshLink(loginHost, credentials, refusedBefore, timers, meter);
    data =
        dataHost == null ? login : new SshLink(dataHost, credentials, refusedBefore, timers, meter);
  }

  @Override
  public Ran run(CommandLine command, Duration limit) throws RemoteFailure, InterruptedException {
    return login.exec(command, limit);
  }

  @Override
  public String absolute(String path) throws RemoteFailure, InterruptedException {
    return data.glance(SHORT, channel -> channel.realpath(path));
  }

  @Override
  public void directories(String path) throws RemoteFailure, InterruptedException {
    data.glance(
        SHORT,
        channel -> {
          makeDirectories(channel, path);
          return path;
        });
  }

  private static void makeDirectories(ChannelSftp channel, String path)
      throws SftpException, RemoteFailure {
    if (look(channel, path) != null) {
      return;
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      makeDirectories(channel, path.substring(0, slash));
    }
    try {
      channel.mkdir(literal(path));
    } catch (SftpException e) {
      // Somebody else may have made it in this moment.
      if (look(channel, path) == null) {
        throw full(channel, path, e);
      }
    }
  }

  @Override
  public void put(String path, InputStream content, int mode)
      throws RemoteFailure, InterruptedException {
    String fresh = path + ".part" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    long count =
        data.transfer(
            LONG,
            channel -> {
              CountingInput counted = new CountingInput(content);
              try {
                channel.put(counted, literal(fresh), ChannelSftp.OVERWRITE);
                channel.chmod(mode, literal(fresh));
                long size = channel.lstat(literal(fresh)).getSize();
                if (size != counted.count()) {
                  throw new RemoteFailure(
                      Kind.FAILED,
                      "a file arrived short: " + size + " of " + counted.count() + " bytes");
                }
                channel.rename(literal(fresh), literal(path));
                return counted.count();
              } catch (SftpException e) {
                RemoteFailure failure = full(channel, path, e);
                discard(channel, fresh);
                throw failure;
              }
            });
    meter.bytes(true, count);
  }

  private static void discard(ChannelSftp channel, String path) {
    try {
      channel.rm(literal(path));
    } catch (SftpException e) {
      // The next upload has another name; the directory goes with the job.
    }
  }

  /** SFTP has no word for a full disk: where writing failed, look whether there is room. */
  private static RemoteFailure full(ChannelSftp channel, String path, SftpException e)
      throws SftpException {
    if (e.id == ChannelSftp.SSH_FX_FAILURE && channel.isConnected()) {
      int slash = path.lastIndexOf('/');
      for (String place = path.substring(0, Math.max(slash, 1)); ; place = parent(place)) {
        try {
          if (channel.statVFS(literal(place)).getAvailForNonRoot() < 64
              || channel.statVFS(literal(place)).getAvail() == 0) {
            return new RemoteFailure(Kind.DISK_FULL, "the file system of " + place + " is full");
          }
          break;
        } catch (SftpException gone) {
          if (gone.id != ChannelSftp.SSH_FX_NO_SUCH_FILE || place.equals("/")) {
            break;
          }
        }
      }
      return new RemoteFailure(
          Kind.DISK_FULL,
          "the host could not write below "
              + path.substring(0, Math.max(slash, 1))
              + ": is a quota reached?");
    }
    throw e;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  @Override
  public Optional<Entry> stat(String path) throws RemoteFailure, InterruptedException {
    return data.glance(
        SHORT,
        channel -> Optional.ofNullable(look(channel, path)).map(found -> entry(path, found)));
  }

  private static @Nullable SftpATTRS look(ChannelSftp channel, String path) throws SftpException {
    try {
      return channel.lstat(literal(path));
    } catch (SftpException e) {
      if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
        return null;
      }
      throw e;
    }
  }

  private static Entry entry(String name, SftpATTRS found) {
    return new Entry(
        name,
        found.isReg(),
        found.isDir(),
        found.getSize(),
        Integer.toUnsignedLong(found.getMTime()));
  }

  @Override
  public List<Entry> list(String path) throws RemoteFailure, InterruptedException {
    return data.glance(
        SHORT,
        channel -> {
          List<Entry> entries = new ArrayList<>();
          try {
            channel.ls(
                literal(path),
                found -> {
                  entries.add(entry(found.getFilename(), found.getAttrs()));
                  return ChannelSftp.LsEntrySelector.CONTINUE;
                });
          } catch (SftpException e) {
            if (e.id != ChannelSftp.SSH_FX_NO_SUCH_FILE) {
              throw e;
            }
          }
          return entries;
        });
  }

  @Override
  public long get(String path, long offset, OutputStream to)
      throws RemoteFailure, InterruptedException {
    long count =
        data.transfer(
            LONG,
            channel -> {
              try (InputStream in = channel.get(literal(path), null, offset)) {
                return in.transferTo(to);
              }
            });
    meter.bytes(false, count);
    return count;
  }

  @Override
  public void delete(String path) throws RemoteFailure, InterruptedException {
    data.glance(
        SHORT,
        channel -> {
          if (look(channel, path) != null) {
            channel.rm(literal(path));
          }
          return path;
        });
  }

  /** JSch expands patterns in paths; a backslash keeps it from that. */
  private static String literal(String path) {
    return path.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
  }

  @Override
  public List<String> fingerprints() {
    return login.fingerprints();
  }

  @Override
  public void close() {
    login.close();
    data.close();
  }

  /** Counts what goes through. Confined to one upload. */
  private static final class CountingInput extends InputStream {
    private final InputStream in;
    private long count;

    CountingInput(InputStream in) {
      this.in = in;
    }

    long count() {
      return count;
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count += Math.max(read, 0);
      return read;
    }
  }
}
