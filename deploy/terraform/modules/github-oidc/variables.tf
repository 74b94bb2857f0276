variable "prefix" {
  description = "Begins the names of what is released: repositories <prefix>/<image>, cluster <prefix>, services <prefix>-<service>. The role is <prefix>-release."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "repository" {
  description = "Whose workflow may release: <owner>/<name> on GitHub."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository is <owner>/<name>, without a wildcard."
  }
}

variable "environment" {
  description = "And in which of its environments: whoever approves there approves the release."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.environment))
    error_message = "environment is an environment's name, without a wildcard."
  }
}

variable "create_provider" {
  description = "Make GitHub's identity provider; false where the account has it already, for it takes one."
  type        = bool
  default     = true
}

variable "images" {
  description = "Images that are pushed."
  type        = set(string)
  default     = ["order-producer", "order-consumer", "orders"]

  validation {
    condition     = length(var.images) > 0 && alltrue([for image in var.images : can(regex("^[a-z0-9][a-z0-9-]*$", image))])
    error_message = "images are one or more names of lower-case letters, digits and hyphens, without a wildcard."
  }
}

variable "services" {
  description = "Services that are deployed."
  type        = set(string)
  default     = ["order-producer", "order-consumer"]

  validation {
    condition     = length(var.services) > 0 && alltrue([for service in var.services : can(regex("^[a-z0-9][a-z0-9-]*$", service))])
    error_message = "services are one or more names of lower-case letters, digits and hyphens, without a wildcard."
  }
}
