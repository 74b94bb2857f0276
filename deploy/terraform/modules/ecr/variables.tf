variable "prefix" {
  description = "Begins each repository's name: <prefix>/<image>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "images" {
  description = "Images, by their build targets' names; collector is a copy of the AWS Distro for OpenTelemetry."
  type        = set(string)
  default     = ["order-producer", "order-consumer", "orders", "collector"]

  validation {
    condition     = alltrue([for image in var.images : can(regex("^[a-z0-9-]+$", image))])
    error_message = "images are lower-case letters, digits and hyphens."
  }
}

variable "kept_images" {
  description = "How many releases of each repository stay, the newest first: as far back as a rollback can go."
  type        = number
  default     = 20

  validation {
    condition     = var.kept_images >= 2
    error_message = "kept_images is 2 or more: the image before this one is what a rollback needs."
  }
}

variable "force_delete" {
  description = "Remove repositories with the images in them."
  type        = bool
  default     = false
}
