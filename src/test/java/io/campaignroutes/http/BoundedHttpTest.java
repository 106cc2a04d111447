package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Adapter;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;

class BoundedHttpTest {

  /** A connection that says that there is more, and ends when it is read. */
  private static final class Ending implements InputBuffer {
    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      throw new EOFException();
    }

    @Override
    public int available() {
      return 1;
    }
  }

  @Test
  void aCallerWhoGoesAmidABodyThatNobodyWantsBreaksNothing() throws Exception {
    List<ActionCode> done = new ArrayList<>();
    var request = new Request();
    request.setInputBuffer(new Ending());
    request.setResponse(new Response());
    request.setContentLength(100);
    ActionHook hook =
        (code, param) -> {
          done.add(code);
          if (code == ActionCode.AVAILABLE) {
            request.setAvailable(1);
          }
        };
    ReflectionTestUtils.setField(request, "hook", hook);
    Adapter behind = mock(Adapter.class);
    when(behind.asyncDispatch(any(), any(), any())).thenReturn(true);
    var adapter = new BoundedHttp.LeavingTheRest(behind);

    assertThat(adapter.asyncDispatch(request, new Response(), SocketEvent.OPEN_READ)).isTrue();
    adapter.service(request, new Response());

    assertThat(done).contains(ActionCode.AVAILABLE, ActionCode.DISABLE_SWALLOW_INPUT);
  }
}
