package io.campaignroutes.routes;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campaignroutes.check.ServiceFiles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.BeanRepository;
import org.mockito.invocation.InvocationOnMock;

/**
 * Every bean of the service under its name, of its type, without anything in it: a call is recorded
 * and answered by what the test has said, or else by a value that is called after the call, such as
 * {@code <launchSteps.intend>}.
 */
final class FakeBeans implements BeanRepository {
  private static final Set<String> CAMELS_OWN =
      Set.of("init", "initPredicate", "toString", "hashCode", "equals", "close");

  private final Map<String, Object> beans = new ConcurrentHashMap<>();
  private final Recorder recorder;

  FakeBeans(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public Object lookupByName(String name) {
    Object known = beans.get(name);
    if (known == null) {
      known = ServiceFiles.beanType(name).map(type -> fake(name, type)).orElse(null);
      if (known != null) {
        beans.put(name, known);
      }
    }
    return known;
  }

  @Override
  public <T> T lookupByNameAndType(String name, Class<T> type) {
    Object bean = lookupByName(name);
    return type.isInstance(bean) ? type.cast(bean) : null;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return Map.of();
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return Set.of();
  }

  private Object fake(String name, Class<?> type) {
    return ExecutorService.class.isAssignableFrom(type)
        ? new SameThread(name)
        : mock(type, withSettings().stubOnly().defaultAnswer(call -> answer(name, call)));
  }

  private Object answer(String bean, InvocationOnMock call) throws Throwable {
    Method method = call.getMethod();
    if (CAMELS_OWN.contains(method.getName())) {
      return method.getName().equals("toString") ? bean : plain(method.getReturnType(), bean);
    }
    Object[] arguments = call.getArguments();
    String name = bean + "." + method.getName();
    boolean later = arguments.length == 2 && arguments[1] instanceof AsyncCallback;
    recorder.add(
        name
            + Arrays.stream(later ? new Object[] {arguments[0]} : arguments)
                .map(Recorder::text)
                .collect(Collectors.joining(", ", "(", ")")));
    Recorder.Deed deed = recorder.deed(name);
    Object answer = plain(method.getReturnType(), "<" + name + ">");
    if (deed != null) {
      try {
        answer = deed.of(arguments);
      } catch (Exception e) {
        if (!later) {
          throw e;
        }
        ((Exchange) arguments[0]).setException(e);
      }
    }
    if (later) {
      ((AsyncCallback) arguments[1]).done(true);
      return true;
    }
    return answer;
  }

  /** A value of a type that is called by a name. */
  private static Object plain(Class<?> type, String name) {
    if (type == boolean.class || type == Boolean.class) {
      return false;
    } else if (type == int.class || type == Integer.class) {
      return 0;
    } else if (type == long.class || type == Long.class) {
      return 0L;
    } else if (type == void.class) {
      return null;
    } else if (type.isAssignableFrom(String.class)) {
      return name;
    } else if (JsonNode.class.isAssignableFrom(type)) {
      return TextNode.valueOf(name);
    } else if (List.class.isAssignableFrom(type)) {
      return List.of();
    }
    return type.isPrimitive() || type.isArray() ? null : value(type, name, Map.of());
  }

  /**
   * A value of the service with nothing in it but what is said.
   *
   * @param name how it is shown
   * @param says what its methods answer, by their names; a {@link Supplier} is asked each time
   */
  static <T> T value(Class<T> type, String name, Map<String, ?> says) {
    return mock(
        type,
        withSettings()
            .stubOnly()
            .defaultAnswer(
                call -> {
                  String method = call.getMethod().getName();
                  if (says.containsKey(method)) {
                    return says.get(method) instanceof Supplier<?> next
                        ? next.get()
                        : says.get(method);
                  }
                  boolean real =
                      Throwable.class.isAssignableFrom(type)
                          && !Modifier.isAbstract(call.getMethod().getModifiers());
                  if (method.equals("toString")) {
                    return name;
                  }
                  return real ? call.callRealMethod() : nothing(call);
                }));
  }

  private static Object nothing(InvocationOnMock call) {
    return switch (call.getMethod().getName()) {
      case "hashCode" -> System.identityHashCode(call.getMock());
      case "equals" -> call.getMock() == call.getArgument(0);
      default -> {
        Class<?> type = call.getMethod().getReturnType();
        yield type.isPrimitive() ? plain(type, "") : null;
      }
    };
  }

  /** Does everything at once, and says on whose threads it would have been. */
  private final class SameThread extends AbstractExecutorService {
    private final String name;

    SameThread(String name) {
      this.name = name;
    }

    @Override
    public void execute(Runnable work) {
      recorder.add("on " + name);
      work.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
