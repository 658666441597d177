"""Models of the real architectures, so small that they are made and loaded in a second. They learned nothing."""

import json
import re
from pathlib import Path
from typing import Any

WORDS = re.findall(
    r"\S+",
    "what is there in this picture a an the red green blue yellow white black dog cat man woman child boat runs "
    "sleeps jumps on beach street park it shows one two three and with no yes user assistant : . ? , !",
)

CLIP: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 8, "head_width": 32},
    "text_cfg": {
        "context_length": 16,
        "vocab_size": len(WORDS) + 8,
        "width": 32,
        "heads": 2,
        "layers": 1,
        "hf_tokenizer_name": "tokenizer",
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize_mode": "squash"},
}


def tokenizer(**special: str) -> Any:
    """Return a tokenizer of whole words, lower case; the special tokens come last, `</s>` at the very end."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    names = [*special.values(), "<s>", "</s>"]
    vocabulary = {word: number for number, word in enumerate(["<unk>", "<pad>", *dict.fromkeys(WORDS), *names])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    made.add_special_tokens(names)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token="<unk>",
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        clean_up_tokenization_spaces=False,
        extra_special_tokens=special,
    )


def write_clip(folder: Path, name: str = "tiny", seed: int = 0) -> tuple[Path, Path]:
    """Write a config, its tokenizer and float16 weights; return the paths of config and weights."""
    import torch
    from open_clip.model import CLIP as Model
    from safetensors.torch import save_file
    from tokenizers.processors import TemplateProcessing

    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer()
    ends = [(token, words.convert_tokens_to_ids(token)) for token in ("<s>", "</s>")]
    words.backend_tokenizer.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    words.save_pretrained(folder / "tokenizer")
    (folder / f"{name}.json").write_text(json.dumps(CLIP))
    torch.manual_seed(seed)
    text = {key: value for key, value in CLIP["text_cfg"].items() if key != "hf_tokenizer_name"}
    state = Model(CLIP["embed_dim"], CLIP["vision_cfg"], text).state_dict()
    weights = folder / f"{name}.safetensors"
    save_file({key: value.half().contiguous() for key, value in state.items()}, weights)
    return folder / f"{name}.json", weights


def write_llava(folder: Path, seed: int = 0, chat_template: str | None = None, **changes: Any) -> Path:
    """Write a LLaVA as `save_pretrained` does, in float16; return the folder.

    Args:
        folder: made where it is not there.
        seed: of the random weights.
        chat_template: of the processor; None for one without.
        changes: sizes of the pictures, `image_size` and `patch_size`; `context` in tokens; `seen` and `said`, further
            settings of the vision tower and of the language model.
    """
    import torch
    from transformers import (
        CLIPImageProcessor,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
    )

    size, patch = changes.get("image_size", 32), changes.get("patch_size", 8)
    words = tokenizer(image_token="<image>")
    small = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
    eyes = CLIPVisionConfig(
        **{**small, "num_hidden_layers": 3, **changes.get("seen", {})},
        image_size=size,
        patch_size=patch,
        projection_dim=32,
    )
    mouth = LlamaConfig(
        **{**small, "num_hidden_layers": 2, **changes.get("said", {})},
        vocab_size=len(words),
        max_position_embeddings=changes.get("context", 256),
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    torch.manual_seed(seed)
    model = LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=eyes,
            text_config=mouth,
            image_token_id=words.convert_tokens_to_ids("<image>"),
            vision_feature_layer=-2,
            vision_feature_select_strategy="default",
            image_seq_length=(size // patch) ** 2,
        )
    )
    with torch.no_grad():  # weights as they come say the same whatever they see
        for parameter in model.parameters():
            parameter.mul_(8.0 if parameter.ndim > 1 else 1.0)
        model.lm_head.weight.mul_(16.0)  # it knows nothing, and is sure of it
        model.lm_head.weight[words.convert_tokens_to_ids("<image>")] = 0.0  # a picture is never an answer
    pictures = CLIPImageProcessor(
        size={"height": size, "width": size}, crop_size={"height": size, "width": size}, do_center_crop=False
    )
    processor = LlavaProcessor(
        image_processor=pictures,
        tokenizer=words,
        patch_size=patch,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=chat_template,
    )
    model.half().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
