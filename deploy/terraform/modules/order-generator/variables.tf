variable "name" {
  description = "Name of the task and of all that is its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "network" {
  description = "The VPC, its private subnets in different zones, and the group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "image" {
  description = "Image in ECR, by digest or by a tag that never moves."
  type        = string
}

variable "log_retention_days" {
  description = "Days that logs stay in CloudWatch."
  type        = number
  default     = 30
}

variable "cluster_arn" {
  description = "ECS cluster in which the tasks run."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/", var.cluster_arn))
    error_message = "cluster_arn is an ECS cluster's ARN."
  }
}

variable "url" {
  description = "The producer, as `orders produce --url` takes it."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.url))
    error_message = "url is https://<host>."
  }
}

variable "load_balancer_security_group_id" {
  description = "Guards the producer's load balancer: besides AWS, all that a generator reaches."
  type        = string

  validation {
    condition     = startswith(var.load_balancer_security_group_id, "sg-")
    error_message = "load_balancer_security_group_id is a security group's id."
  }
}

variable "to_enable_trigger" {
  description = "Start the generators on schedule. Off: the task is there to be run by hand."
  type        = bool
  default     = false
}

variable "schedule" {
  description = "How often, in EventBridge Scheduler's words."
  type        = string
  default     = "rate(1 minute)"

  validation {
    condition     = can(regex("^(rate|cron)\\(.+\\)$", var.schedule))
    error_message = "schedule is rate(…) or cron(…)."
  }
}

variable "task_count" {
  description = "Generators that start together."
  type        = number
  default     = 5

  validation {
    condition     = var.task_count >= 1 && var.task_count <= 10
    error_message = "task_count is 1 to 10: ECS starts no more at once."
  }
}

variable "max_run_seconds" {
  description = "MAX_RUN_SEC: how long each generator makes orders."
  type        = number
  default     = 60

  validation {
    condition     = var.max_run_seconds >= 1 && var.max_run_seconds <= 3600
    error_message = "max_run_seconds is 1 to 3600: a scheduled task has to end by itself."
  }
}
