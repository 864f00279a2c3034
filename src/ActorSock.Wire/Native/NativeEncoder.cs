using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>Writes what a client of the native protocol says.</summary>
public static class NativeEncoder
{
    /// <summary>A request: its length and its header. What goes without saying is not said.</summary>
    /// <exception cref="ArgumentException">It cannot be said: it has no <see cref="NativeRequest.Id"/> where one is due, a
    /// text holds half a surrogate pair, the whole exceeds <see cref="WireLimits.HeaderBytesCeiling"/>, or it is a
    /// <see cref="NativeRequest.Refused"/> one.</exception>
    public static byte[] Encode(NativeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Id is null != request is NativeRequest.Hello)
            throw new ArgumentException("all requests but hello have an id, and hello has none", nameof(request));
        return FrameWriter.Frame(request, Write);
    }

    /// <summary>The trailer behind a body: its length and its header.</summary>
    public static byte[] Trailer(ContentDigest digest) =>
        FrameWriter.Frame(digest, static (json, digest) => json.Field(digest));

    private static void Write(Utf8JsonWriter json, NativeRequest request)
    {
        json.Field(NativeKeys.Id, request.Id);
        json.WriteString(NativeKeys.Action.Encoded, ActionOf(request));
        json.Field(request.Body);
        switch (request)
        {
            case NativeRequest.Hello hello:
                Write(json, hello);
                break;
            case NativeRequest.Put put:
                Write(json, put);
                break;
            case NativeRequest.Resume resume:
                json.Field(NativeKeys.Upload, resume.Upload);
                json.Field(NativeKeys.Name, resume.Name);
                json.Field(NativeKeys.Size, resume.Size);
                Write(json, resume.Exists);
                if (resume.Kind is { } kind) json.Field(NativeKeys.Digest, Words.Digests[kind]);
                break;
            case NativeRequest.Join join:
                json.Field(NativeKeys.Upload, join.Upload);
                json.Field(NativeKeys.Name, join.Name);
                json.Field(join.Promised);
                Write(json, join.Exists);
                Write(json, join.Ack);
                break;
            case NativeRequest.Get get:
                json.Field(NativeKeys.Name, get.Name);
                json.Field(NativeKeys.Offset, Unless(get.Offset, 0));
                json.Field(NativeKeys.Length, get.Length);
                json.Field(get.OnlyIf);
                break;
            case NativeRequest.Page page:
                Write(json, page);
                break;
            case NativeRequest.Delete delete:
                json.Field(NativeKeys.Name, delete.Name);
                json.Field(delete.OnlyIf);
                break;
            case NativeRequest.Rename rename:
                json.Field(NativeKeys.Name, rename.Name);
                json.Field(NativeKeys.To, rename.To);
                Write(json, rename.Exists);
                json.Field(rename.OnlyIf);
                break;
            case NativeRequest.Stat stat:
                json.Field(NativeKeys.Name, stat.Name);
                break;
        }
    }

    private static string ActionOf(NativeRequest request) => request switch
    {
        NativeRequest.Hello => "hello",
        NativeRequest.Put => "put",
        NativeRequest.Resume => "resume",
        NativeRequest.Join => "join",
        NativeRequest.Get => "get",
        NativeRequest.Stat => "stat",
        NativeRequest.List => "list",
        NativeRequest.Folders => "folders",
        NativeRequest.Delete => "delete",
        NativeRequest.Rename => "rename",
        NativeRequest.Ping => "ping",
        NativeRequest.Bye => "bye",
        _ => throw new ArgumentException($"a request {request.GetType().Name} cannot be said", nameof(request)),
    };

    private static void Write(Utf8JsonWriter json, NativeRequest.Hello hello)
    {
        json.WriteStartArray(NativeKeys.Versions.Encoded);
        foreach (var version in hello.Versions) json.WriteNumberValue(version);
        json.WriteEndArray();
        json.Field(NativeKeys.Agent, hello.Agent);
        if (hello.Capabilities.Count == 0) return;
        json.WriteStartArray(NativeKeys.Capabilities.Encoded);
        foreach (var capability in hello.Capabilities) json.WriteStringValue(capability);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, NativeRequest.Put put)
    {
        json.Field(NativeKeys.Name, put.Name);
        json.Field(NativeKeys.Size, put.Size);
        json.Field(NativeKeys.Upload, put.Upload);
        json.Field(NativeKeys.Offset, Unless(put.Offset, 0));
        if (put.IsPart) json.WriteBoolean(NativeKeys.Part.Encoded, true);
        Write(json, put.Promise);
        Write(json, put.Exists);
        Write(json, put.Ack);
    }

    private static void Write(Utf8JsonWriter json, NativeRequest.Page page)
    {
        json.Field(NativeKeys.Prefix, page.Prefix.Length == 0 ? null : page.Prefix);
        json.Field(NativeKeys.After, page.After);
        json.Field(NativeKeys.Limit, Unless(page.Limit, NativeRequest.Page.LimitDefault));
        if (page is NativeRequest.List { Recursive: false }) json.WriteBoolean(NativeKeys.Recursive.Encoded, false);
    }

    private static void Write(Utf8JsonWriter json, DigestPromise promise)
    {
        if (promise is DigestPromise.Named(var digest)) json.Field(digest);
        else if (promise is DigestPromise.After(var kind)) json.WriteString(NativeKeys.Of(kind).Encoded, "after"u8);
    }

    private static void Write(Utf8JsonWriter json, ExistsRule rule)
    {
        if (rule != ExistsRule.Replace) json.Field(NativeKeys.Exists, Words.Exists[rule]);
    }

    private static void Write(Utf8JsonWriter json, AckLevel level)
    {
        if (level != AckLevel.Durable) json.Field(NativeKeys.Ack, Words.Ack[level]);
    }

    private static long? Unless(long value, long otherwise) => value == otherwise ? null : value;
}
