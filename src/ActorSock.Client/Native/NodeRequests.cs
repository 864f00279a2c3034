using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>What all parts of a client ask with.</summary>
/// <param name="Pool">The connections.</param>
/// <param name="Options">Limits and pauses.</param>
/// <param name="Feed">Who is told of transfers.</param>
internal sealed record NodeRequests(NodePool Pool, NodeOptions Options, TransferFeed Feed)
{
    // Of what a poor disk reads in a second a twentieth: others may have the same read.
    private const double SlowestBytesASecond = 1e6;

    public Retrying Retrying { get; } = new(Options);

    /// <summary>Asks something small once, on the connection that is shared.</summary>
    public async Task<Answer> AskOnceAsync(NativeRequest request, CancellationToken cancel) =>
        await (await Pool.SharedAsync(cancel)).AskAsync(request, cancel);

    /// <summary>Asks something small that may be asked again, and has no body in its answer.</summary>
    public Task<NativeReply> AskAsync(NativeRequest request, CancellationToken cancel) =>
        Retrying.RunAsync(async _ => await WithoutBodyAsync(await AskOnceAsync(request, cancel)), null, cancel);

    /// <summary>The header of an answer that should have nothing else.</summary>
    public static async ValueTask<NativeReply> WithoutBodyAsync(Answer answer)
    {
        if (answer.Body is not null) await answer.Body.DisposeAsync();
        return answer.Reply;
    }

    /// <summary>What the node has under a name. It may have to read the file for its digest, and is waited for as long as that may
    /// take, provided that it answers others meanwhile.</summary>
    /// <exception cref="IOException">It was read more slowly than any disk does.</exception>
    public async Task<RemoteFile> StatAsync(string name, CancellationToken cancel)
    {
        var connection = await Pool.SharedAsync(cancel);
        var exchange = await connection.AskAsync(new NativeRequest.Stat(name), default, cancel);
        var answer = await connection.AnswerWithinAsync(exchange, Options.ReplyLimit, cancel);
        try
        {
            for (var waited = Options.ReplyLimit; answer is null; waited += Options.ReplyLimit)
            {
                var size = (await LookAsync(connection, name, cancel)).SizeBytes;
                if (waited > Options.ReplyLimit + TimeSpan.FromSeconds(size / SlowestBytesASecond))
                    throw new IOException($"the node has not said the digest of '{name}' within {waited}");
                answer = await connection.AnswerWithinAsync(exchange, Options.ReplyLimit, cancel);
            }
        }
        catch
        {
            exchange.Abandon();
            throw;
        }
        return File(await WithoutBodyAsync(answer), name);
    }

    /// <summary>What the node has under a name; null when it has nothing.</summary>
    public Task<RemoteFile?> StatOnceAsync(string name, CancellationToken cancel) => OrNullAsync(StatAsync(name, cancel));

    /// <summary>What the node has under a name, as far as it knows without reading: none of its bytes are asked for.</summary>
    public async Task<RemoteFile> LookAsync(string name, CancellationToken cancel) =>
        await LookAsync(await Pool.SharedAsync(cancel), name, cancel);

    private static async Task<RemoteFile> LookAsync(NodeConnection connection, string name, CancellationToken cancel) =>
        File(await WithoutBodyAsync(await connection.AskAsync(new NativeRequest.Get(name) { Length = 0 }, cancel)), name);

    private static RemoteFile File(NativeReply reply, string name) =>
        new(reply.Name ?? name, Said(reply.Size, "size"), Said(reply.Modified, "modified"), reply.Md5);

    /// <summary>The same; null when it has nothing.</summary>
    public Task<RemoteFile?> LookOnceAsync(string name, CancellationToken cancel) => OrNullAsync(LookAsync(name, cancel));

    private static async Task<RemoteFile?> OrNullAsync(Task<RemoteFile> asking)
    {
        try
        {
            return await asking;
        }
        catch (NodeRefusedException unknown) when (unknown.Is(Wire.Rejection.NameUnknown))
        {
            return null;
        }
    }

    /// <summary>What a reply says of a file that is stored.</summary>
    public static StoredFile Stored(NativeReply reply, string name) =>
        new(reply.Name ?? name, Said(reply.Size, "size"), reply.Md5, reply.Receipt);

    /// <summary>What a reply says of a file that was sent: it is stored, and is what was sent.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="name">What the file was to be called.</param>
    /// <param name="size">Of what was sent.</param>
    /// <param name="digest">Of what was sent; null when nobody knows.</param>
    /// <exception cref="NodeLostException">It says nothing of a file that is stored.</exception>
    /// <exception cref="IOException">What is stored is something else.</exception>
    public static StoredFile Stored(NativeReply reply, string name, long size, ContentDigest? digest)
    {
        if (reply.Status != NativeReply.Stored)
            throw new NodeLostException($"the node answers {reply.Status}, which does not say that the file is stored");
        var stored = Stored(reply, name);
        ContentDigest? theirs = digest switch
        {
            { Kind: DigestKind.Md5 } when reply.Md5 is { } md5 => ContentDigest.From(md5),
            { Kind: DigestKind.Sha256 } => reply.Sha256,
            _ => null,
        };
        if (stored.SizeBytes != size || (theirs is not null && theirs != digest))
            throw new IOException($"the node has stored {stored.SizeBytes} bytes with the digest {theirs}, where {size} with {digest} were sent");
        return stored;
    }

    /// <summary>What a reply has to say.</summary>
    /// <exception cref="NodeLostException">It does not.</exception>
    public static T Said<T>(T? value, string what)
        where T : struct =>
        value ?? throw new NodeLostException($"the reply of the node has no {what}");
}
