package minik8s.kubectl.command;

import java.util.ArrayList;

/** {@code kubectl options}: the flags of every verb. */
final class Options implements Verb {
  @Override
  public void flags(Flags flags) {}

  @Override
  public Help help() {
    return new Help("Print the list of flags inherited by all commands.", "", "options");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Flags globals = new Flags();
    Globals.declare(globals);
    session.print("The following options can be passed to any command:\n");
    session.streams().out().append(HelpText.options(new ArrayList<>(globals.spec().options())));
    return 0;
  }
}
