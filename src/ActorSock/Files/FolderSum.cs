using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Looks at all files in one folder, some at a time: what they are together.</summary>
/// <remarks>
/// First it asks what the system says of each of them: nobody can change a file, or the digests that travel with it, without another
/// time of change. When all of that was found before, what was found with it is still so. Otherwise it looks at their digests, and
/// asks the system once more behind each: what is found is remembered when nothing was changed meanwhile.
/// </remarks>
internal sealed class FolderSum : IDisposable
{
    private const int GatheredMax = 4 << 10;

    /// <summary>Two changes within one step of the system's clock leave the same time; of some file systems a step has two seconds.</summary>
    private const long SettledAfterNs = 3_000_000_000;

    private readonly string _root, _path;
    private readonly Func<string, IFolderReader?> _open;
    private readonly ClientNames _names;
    private readonly FolderMemo _memo;
    private readonly long _nowNs;
    private readonly byte[] _gathered = new byte[GatheredMax];
    private readonly FolderDigest _digest = new();
    private readonly IncrementalHash _marking = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IFolderReader? _reader;
    private ContentDigest? _before; // of the first look
    private long _files, _bytes, _changedNs;
    private int _end;
    private bool _isSumming, _isMarked = true, _areKnown = true;

    /// <param name="root">Where the names of the client begin, with <c>/</c> at its end; empty for the node's.</param>
    /// <param name="path">The folder from there on, with <c>/</c> at its end; empty for the uppermost.</param>
    /// <param name="open">Opens a folder by its path from the node's root on.</param>
    /// <param name="names">Which count.</param>
    /// <param name="memo">What was found before.</param>
    /// <param name="now">Of which time the system's words are.</param>
    public FolderSum(string root, string path, Func<string, IFolderReader?> open, ClientNames names, FolderMemo memo, DateTimeOffset now)
    {
        (_open, _names, _memo, _nowNs) = (open, names, memo, FileFacts.NsOf(now));
        (_root, _path) = (root, path);
        _reader = open(root + path);
        BeginMark();
    }

    public bool IsOf(string path) => path == _path;

    /// <summary>Whether there are folders in it, when it is found.</summary>
    public bool HasFolders { get; private set; }

    /// <summary>Goes on.</summary>
    /// <param name="namesMax">Looks at so many names at most; what is left of them comes back.</param>
    /// <param name="content">What is in the folder, when it is known.</param>
    /// <exception cref="StorageException">The folder cannot be read.</exception>
    public bool TryFind(ref int namesMax, out FolderContent content)
    {
        content = default;
        for (; _reader is not null; namesMax--)
        {
            if (namesMax <= 0)
                return false;
            if (_reader.TryNext(out var name, out var isFolder))
            {
                if (isFolder)
                    HasFolders = true;
                else if (_names.IsOfClient(_path, name))
                    Look(name);
            }
            else if (_isSumming)
            {
                break;
            }
            else
            {
                _before = Marked();
                if (_files == 0)
                    return true;
                if (_memo.Find(_before.Value) is { } before)
                {
                    content = before;
                    return true;
                }
                BeginSum();
            }
        }
        content = new FolderContent(_files, _bytes, _areKnown ? _digest.Current : null);
        if (_before is { } mark && _isMarked && mark == Marked() && _nowNs - _changedNs > SettledAfterNs)
            _memo.Remember(mark, content);
        return true;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _marking.Dispose();
    }

    private void Look(ReadOnlySpan<byte> name)
    {
        if (_isSumming && !TryAdd(name))
            return;
        if (!_isSumming)
            _files++;
        if (!_isMarked)
            return;
        if (_reader!.Facts(name) is { } facts)
            Mark(name, facts);
        else if (_isSumming)
            _isMarked = false;
        else
            BeginSum(); // there is nothing to tell it by
    }

    private void BeginSum()
    {
        _isSumming = true;
        _isMarked = _before is not null;
        (_files, _changedNs) = (0, 0);
        _reader!.Dispose();
        _reader = _open(_root + _path);
        BeginMark();
    }

    private void BeginMark()
    {
        _end = 0;
        _marking.TryGetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes], out _);
        Gather(Encoding.UTF8.GetBytes(_root + _path));
    }

    private bool TryAdd(ReadOnlySpan<byte> name)
    {
        if (_reader!.Stat(name) is not { } file)
            return false; // gone
        _files++;
        _bytes += file.Size;
        _areKnown &= file.Md5 is not null;
        if (_areKnown)
            _digest.Add(name, file.Size, file.Md5!.Value);
        return true;
    }

    private void Mark(ReadOnlySpan<byte> name, in FileFacts facts)
    {
        _changedNs = Math.Max(_changedNs, Math.Max(facts.ChangedNs, facts.ModifiedNs));
        ReadOnlySpan<long> numbers = [name.Length, (long)facts.Inode, (long)facts.FileSystem, facts.Size, facts.ModifiedNs, facts.ChangedNs];
        Gather(MemoryMarshal.AsBytes(numbers));
        Gather(name);
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _gathered.Length - _end)
            Flush();
        if (bytes.Length > _gathered.Length)
        {
            _marking.AppendData(bytes);
            return;
        }
        bytes.CopyTo(_gathered.AsSpan(_end));
        _end += bytes.Length;
    }

    private void Flush()
    {
        _marking.AppendData(_gathered, 0, _end);
        _end = 0;
    }

    private ContentDigest Marked()
    {
        Flush();
        return ContentDigest.FromBytes(DigestKind.Sha256, _marking.GetHashAndReset());
    }
}
