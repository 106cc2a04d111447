package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The files that Spring's own settings of the log name. Spring finds out late that one of them
 * cannot be used, and says so in some eighty lines.
 */
public final class LogFiles {
  private static final String CONFIG = "logging.config";
  private static final String NAME = "logging.file.name";
  private static final String PATH = "logging.file.path";

  private LogFiles() {}

  /**
   * Looks at the files once, ahead of the log.
   *
   * @return what is wrong with them
   */
  public static List<SettingFault> faults(ConfigurableEnvironment environment) {
    List<SettingFault> faults = new ArrayList<>();
    String config = environment.getProperty(CONFIG, "").strip();
    // what begins so is left over from a command line, and Spring takes it for none
    if (!config.isEmpty() && !config.startsWith("-D")) {
      String problem = problem(config);
      if (problem != null) {
        faults.add(
            fault(
                environment,
                CONFIG,
                "is " + Plain.quoted(config) + ", " + problem,
                "Name an XML file with settings of Logback, or leave it out."));
      }
    }
    LogFile log = LogFile.get(environment);
    if (log != null && !isWritable(log.toString())) {
      String name = environment.getProperty(NAME, "").isEmpty() ? PATH : NAME;
      faults.add(
          fault(
              environment,
              name,
              "is "
                  + Plain.quoted(environment.getProperty(name, ""))
                  + ", where no file can be written.",
              "Name another one, or leave it out: everything is written to standard output too."));
    }
    return faults;
  }

  private static SettingFault fault(
      ConfigurableEnvironment environment, String name, String problem, String remedy) {
    return new SettingFault(name, new SettingNames(environment).of(name), problem, remedy);
  }

  /** What is wrong with a file that is to set up the log; null when Logback can begin with it. */
  private static String problem(String config) {
    Root root = new Root();
    try (InputStream file = ApplicationResourceLoader.get().getResource(config).getInputStream()) {
      SAXParserFactory.newNSInstance().newSAXParser().parse(file, root);
    } catch (SAXParseException e) {
      return "which is not valid XML in line %d.".formatted(e.getLineNumber());
    } catch (SAXException | IOException | InvalidPathException e) {
      return "which cannot be read.";
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Java's own parser has no such settings", e);
    }
    return config.endsWith("xml") && "configuration".equals(root.name)
        ? null
        : "which holds no settings of a log.";
  }

  private static boolean isWritable(String name) {
    try {
      Path file = Path.of(name).toAbsolutePath();
      if (!Files.isDirectory(file.getParent())) {
        Files.createDirectories(file.getParent());
      }
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      return true;
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** The name of a document's first element; reads nothing that the document refers to. */
  private static final class Root extends DefaultHandler {
    private String name;

    @Override
    public void startElement(String uri, String localName, String element, Attributes all) {
      name = name == null ? localName : name;
    }

    @Override
    public InputSource resolveEntity(String publicId, String systemId) {
      return new InputSource(InputStream.nullInputStream());
    }
  }
}
