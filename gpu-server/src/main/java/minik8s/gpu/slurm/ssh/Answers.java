package minik8s.gpu.slurm.ssh;

import com.jcraft.jsch.UIKeyboardInteractive;
import com.jcraft.jsch.UserInfo;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers a host that asks for the password in its own words (keyboard-interactive), once. A
 * question about anything else ends the attempt. Confined to one attempt to connect.
 */
final class Answers implements UserInfo, UIKeyboardInteractive {
  private final String password;
  private boolean given;

  Answers(String password) {
    this.password = password;
  }

  @Override
  public String @Nullable [] promptKeyboardInteractive(
      String destination, String name, String instruction, String[] prompt, boolean[] echo) {
    if (prompt.length == 0) {
      return new String[0];
    }
    boolean known =
        Arrays.stream(prompt).allMatch(text -> text.toLowerCase(Locale.ROOT).contains("password"));
    if (given || !known) {
      return null;
    }
    given = true;
    String[] answers = new String[prompt.length];
    Arrays.fill(answers, password);
    return answers;
  }

  @Override
  public @Nullable String getPassphrase() {
    return null;
  }

  @Override
  public @Nullable String getPassword() {
    return null;
  }

  @Override
  public boolean promptPassword(String message) {
    return false;
  }

  @Override
  public boolean promptPassphrase(String message) {
    return false;
  }

  @Override
  public boolean promptYesNo(String message) {
    return false;
  }

  @Override
  public void showMessage(String message) {}
}
