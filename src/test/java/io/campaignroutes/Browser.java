package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.witness.Witnesses;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/**
 * The Chromium of this machine without a window, with a profile of its own that is new and empty.
 */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String AXE = "/axe-core-4.14.1/axe.min.js";

  private final ChromeDriver driver;
  private final URI home;
  private final List<String> complaints = new ArrayList<>();
  private final Thread hook;

  private Browser(ChromeDriver driver, URI home) {
    this.driver = driver;
    this.home = home;
    this.hook = new Thread(driver::quit);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The browser and its driver, where both are installed. */
  static Optional<Browser> start(URI home, Path profile) {
    Optional<Path> chromium =
        first("console.browser", "/usr/bin/chromium", "/usr/bin/chromium-browser");
    Optional<Path> chromedriver =
        first("console.driver", "/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver");
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      return Optional.empty();
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        "--hide-scrollbars",
        "--lang=en-GB",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.get().toFile())
            .withLogOutput(java.io.OutputStream.nullOutputStream())
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options), home);
    browser.look(1280, 900, false);
    return Optional.of(browser);
  }

  private static Optional<Path> first(String property, String... usual) {
    return Stream.concat(Stream.ofNullable(System.getProperty(property)), Stream.of(usual))
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The size of the page, and whether the system is set to dark. */
  void look(int width, int height, boolean dark) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** As with a contrast theme of the system, until {@link #look}. */
  void contrast() {
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "forced-colors", "value", "active"))));
  }

  /** Drags with the mouse over an element, from one part of its width to another. */
  void drag(String css, double from, double to) {
    WebElement element = see(css);
    int width = element.getSize().width;
    new Actions(driver)
        .moveToElement(element, (int) ((from - 0.5) * width), 0)
        .clickAndHold()
        .moveToElement(element, (int) ((to - 0.5) * width), 0)
        .release()
        .perform();
  }

  void cdp(String command, Map<String, Object> parameters) {
    driver.executeCdpCommand(command, parameters);
  }

  /** Loads the page anew at a view, such as {@code #/system}. */
  void open(String hash) {
    look();
    driver.get("about:blank");
    driver.get(home + hash);
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Waits for the first element that fits. */
  WebElement see(String css) {
    return await("to see " + css)
        .atMost(PATIENCE)
        .ignoreException(StaleElementReferenceException.class)
        .until(
            () -> all(css).stream().filter(WebElement::isDisplayed).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Waits until the first element that fits says this somewhere. */
  void seeText(String css, String text) {
    await("to read \"" + text + "\" in " + css)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(text(css)).contains(text));
  }

  /** The text of all elements that fit, as it is in the page. */
  String text(String css) {
    return String.join(
        "\n",
        run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css)
            .toString()
            .lines()
            .toList());
  }

  /** Waits until nothing fits. */
  void seeNone(String css) {
    await("no " + css).atMost(PATIENCE).until(() -> all(css).isEmpty());
  }

  /** Presses an element, again when the page has put another one in its place meanwhile. */
  void press(String css) {
    await("to press " + css)
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(org.openqa.selenium.WebDriverException.class)
        .until(
            () -> {
              see(css).click();
              return true;
            });
  }

  /** Presses the button of this name. */
  void pressButton(String within, String name) {
    await("to press the button " + name)
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(org.openqa.selenium.WebDriverException.class)
        .until(
            () -> {
              Optional<WebElement> button =
                  all(within + " button").stream()
                      .filter(one -> one.isEnabled() && one.getText().equals(name))
                      .findFirst();
              button.ifPresent(WebElement::click);
              return button.isPresent();
            });
  }

  void type(String css, String text) {
    WebElement field = see(css);
    field.clear();
    field.sendKeys(text);
  }

  /** Keys to whatever has the focus. */
  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform(); // an element that is just drawn anew takes none
  }

  void key(Keys key) {
    keys(key);
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What axe-core finds fault with on the page as it is, one line each. */
  List<String> faults() {
    run(resource(AXE));
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
              r => done(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' '
                + (n.any[0] || n.all[0] || n.none[0] || {}).message))),
              e => done(['axe: ' + e]));
            """);
    return ((List<?>) found).stream().map(Object::toString).toList();
  }

  static String resource(String name) {
    try (InputStream in = Browser.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void picture(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  /**
   * What the page's console has complained about so far: errors of scripts, breaches of the CSP.
   */
  List<String> complaints() {
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      // that an answer was no 200 is told too, which is no fault of the page
      if (!entry.getMessage().contains("Failed to load resource")
          && !entry.getMessage().contains("net::ERR_")) {
        complaints.add(entry.getLevel() + " " + entry.getMessage());
      }
    }
    return complaints;
  }

  /**
   * Has what the page shows looked at, as somebody does who sits before it; but for the settings in
   * force, which are called what they are called.
   */
  void look() {
    Object text =
        run(
            """
            const settings = document.querySelector('[aria-label="Configuration in force"]');
            const all = document.body ? document.body.innerText : '';
            return settings ? all.replace(settings.innerText, '') : all;
            """);
    Witnesses.page(address(), text.toString());
  }

  /** Chooses a file in a file field. */
  void choose(String css, Path file) {
    await("the field for a file").atMost(PATIENCE).until(() -> !all(css).isEmpty());
    driver.findElement(By.cssSelector(css)).sendKeys(new File(file.toString()).getAbsolutePath());
  }

  @Override
  public void close() {
    look();
    Runtime.getRuntime().removeShutdownHook(hook);
    driver.quit();
  }
}
