"""A real llama.cpp server with a model of random weights, for tests: it obeys the protocol to the
letter and talks pure nonsense.

    python tiny_llama.py DIRECTORY CONTEXT

Writes the model into DIRECTORY, serves it with a memory of CONTEXT tokens, most of them letters, on
a free port of 127.0.0.1, prints the base URL, and ends when its standard input does.
Needs `xllamacpp`, `gguf` and `numpy`.
"""

import sys
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

EMBEDDING, LAYERS, HEADS, FEED_FORWARD = 64, 2, 4, 128

# The first part of every token's meaning is the same and large, so that the last layer can tell
# tokens apart by nothing else; see `output`.
CONSTANT, RARITY = 10.0, 0.25

# The plainest there is, so that the length of a prompt is that of its words.
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def vocabulary():
    """Control tokens, every byte, what JSON needs, and what no font has."""
    kinds = gguf.TokenType
    tokens = [("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    tokens += [(chr(code), kinds.NORMAL) for code in range(33, 127)]
    tokens += [(text, kinds.NORMAL) for text in "\u2581é漢한ж\u0378\ufffd"]
    return tokens


def output(random, tokens):
    """Random weights, with high bytes made rare: each is half a character, and a server that finds
    one in an answer fails instead of answering."""
    weights = random.standard_normal((len(tokens), EMBEDDING)) * 0.1
    high = [place for place, (text, _) in enumerate(tokens) if "<0x80>" <= text <= "<0xFF>"]
    weights[high, 0] = -RARITY
    return weights.astype(np.float32)


def write(path, context):
    tokens = vocabulary()
    random = np.random.default_rng(1)

    def weights(*shape):
        return (random.standard_normal(shape) * 0.1).astype(np.float32)

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-nonsense")
    writer.add_context_length(context)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(EMBEDDING // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([int(kind) for _, kind in tokens])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    embedding = weights(len(tokens), EMBEDDING)
    embedding[:, 0] = CONSTANT
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(EMBEDDING, dtype=np.float32))
    writer.add_tensor("output.weight", output(random, tokens))
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{name}{norm}.weight", np.ones(EMBEDDING, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{name}{part}.weight", weights(EMBEDDING, EMBEDDING))
        for part in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"{name}{part}.weight", weights(FEED_FORWARD, EMBEDDING))
        writer.add_tensor(f"{name}ffn_down.weight", weights(EMBEDDING, FEED_FORWARD))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    path, context = Path(sys.argv[1]) / "tiny.gguf", int(sys.argv[2])
    write(path, context)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


main()
