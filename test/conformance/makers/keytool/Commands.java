// Runs keytool's command lines in one JVM: one a line in a file, arguments with tabs between them.

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.security.tools.keytool.Main;

public class Commands {
  public static void main(String[] args) throws Exception {
    var constructor = Main.class.getDeclaredConstructor();
    var run = Main.class.getDeclaredMethod("run", String[].class, PrintStream.class);
    constructor.setAccessible(true);
    run.setAccessible(true);
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      // With -debug it throws what it would otherwise exit for.
      String[] command = (line + "\t-debug").split("\t");
      run.invoke(constructor.newInstance(), command, System.err);
    }
  }
}
