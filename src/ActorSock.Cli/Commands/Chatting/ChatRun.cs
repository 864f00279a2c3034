using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Commands.Chatting;

/// <summary>Shows what comes and sends what is answered, until the input ends.</summary>
internal sealed class ChatRun(ChatSocket socket, Dialogue dialogue)
{
    private const string Nobody = "> ";

    private readonly Correspondence _correspondence = new();
    private readonly Lock _prompting = new();
    private bool _hasFailed;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ShowWhom();
        var showing = ShowAsync(ending.Token);
        var answering = dialogue.IsOnTerminal ? AnswerPersonAsync(ending.Token) : AnswerPipeAsync(ending.Token);
        var first = await Task.WhenAny(showing, answering);
        await ending.CancelAsync();
        try
        {
            await first; // the other one is of no interest any more
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            dialogue.Remark($"the chat has ended: {e.Message}");
            _hasFailed = true;
        }
        cancel.ThrowIfCancellationRequested();
        if (_correspondence.Dropped > 0) TellOf(_correspondence.Dropped);
        return _hasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task ShowAsync(CancellationToken cancel)
    {
        while (!dialogue.IsClosed)
        {
            var (from, text) = await socket.ReceiveAsync(cancel);
            if (!_correspondence.HasRoom)
            {
                _correspondence.Drop();
                // Each time it has doubled: a flood must not become one of remarks.
                if (int.IsPow2(_correspondence.Dropped)) TellOf(_correspondence.Dropped);
                continue;
            }
            dialogue.PrintMessage($"{from}", Shown.Line(text.Span));
            _correspondence.Add(from);
            ShowWhom();
        }
    }

    private async Task AnswerPipeAsync(CancellationToken cancel)
    {
        while (await dialogue.ReadLineAsync(cancel) is { } line)
            await SendAsync(line, await _correspondence.TakeAsync(cancel), cancel);
    }

    private async Task AnswerPersonAsync(CancellationToken cancel)
    {
        while (await dialogue.ReadLineAsync(cancel) is { } line)
        {
            await ObeyAsync(TypedLine.Of(line), cancel);
            ShowWhom();
        }
    }

    private async Task ObeyAsync(TypedLine line, CancellationToken cancel)
    {
        switch (line)
        {
            case TypedLine.Answer(var text):
                if (_correspondence.TryTake() is { } peer) await SendAsync(text, peer, cancel);
                else dialogue.Remark("nobody waits for an answer: /to IP:PORT TEXT writes to anybody seen");
                break;
            case TypedLine.Letter(var to, _) when !_correspondence.HasSeen(to):
                dialogue.Remark($"nothing was sent: {to} has not written");
                break;
            case TypedLine.Letter(var to, var text):
                await SendAsync(text, to, cancel);
                break;
            case TypedLine.Skip:
                if (_correspondence.TryTake() is null) dialogue.Remark("nobody waits for an answer");
                break;
            case TypedLine.Help:
                dialogue.Remark(
                    "TEXT               answers whoever has waited longest: the prompt says whom\n" +
                    "/to IP:PORT TEXT   writes to anybody who has written\n" +
                    "/skip              leaves one message without an answer\n" +
                    "//TEXT             sends a text that begins with /\n" +
                    "Ctrl-D             ends");
                break;
            case TypedLine.Wrong(var why):
                dialogue.Remark(why);
                break;
        }
    }

    private async Task SendAsync(string line, IPEndPoint to, CancellationToken cancel)
    {
        var text = Encoding.UTF8.GetBytes(line);
        try
        {
            if (text.Length > ChatSocket.TextBytesMax)
                throw new SocketException((int)SocketError.MessageSize);
            await socket.SendAsync(text, to, cancel);
        }
        catch (SocketException cannot)
        {
            _hasFailed |= !dialogue.IsOnTerminal; // a person reads it and does something
            dialogue.Remark(cannot.SocketErrorCode == SocketError.MessageSize
                ? $"not sent to {to}: {text.Length} bytes are too many for a datagram: " +
                    $"send at most {ChatSocket.TextBytesMax}"
                : $"not sent to {to}: {cannot.Message}: write again with /to {to} TEXT");
        }
    }

    private void ShowWhom()
    {
        lock (_prompting)
            dialogue.Prompt = _correspondence.Oldest is { } peer ? $"reply to [{peer}]> " : Nobody;
    }

    private void TellOf(int dropped) => dialogue.Remark(
        $"dropped {dropped} message{(dropped == 1 ? "" : "s")} so far: {Correspondence.WaitingMax} wait for an answer: " +
        "answer some" + (dialogue.IsOnTerminal ? ", or /skip them" : ""));
}
