variable "prefix" {
  description = "Prefix of each repository's name: <prefix>/<image>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "images" {
  description = "Images, named like their build targets. collector is a copy of the AWS Distro for OpenTelemetry."
  type        = set(string)
  default     = ["order-producer", "order-consumer", "orders", "collector"]

  validation {
    condition     = alltrue([for image in var.images : can(regex("^[a-z0-9-]+$", image))])
    error_message = "images must be names of lower-case letters, digits and hyphens."
  }
}

variable "kept_images" {
  description = "Number of releases to keep in each repository, the newest first. A rollback can go back this far."
  type        = number
  default     = 20

  validation {
    condition     = var.kept_images >= 2
    error_message = "kept_images must be 2 or more: a rollback needs the previous image."
  }
}

variable "force_delete" {
  description = "Delete repositories even if they contain images."
  type        = bool
  default     = false
}
